package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.engine.Step;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** When things are due, and what a registry does then, in its own name. */
final class TimedCommands {
    private final EphemeralCalls workflows;
    private final PingCalls pings;
    private final InstantSource clock;
    private final Scheduler timer;
    private final IndexSnapshots snapshots;

    TimedCommands(Registry registry, InstantSource clock, Scheduler timer, IndexSnapshots snapshots) {
        this.workflows = registry.ephemeral();
        this.pings = registry.pings();
        this.clock = clock;
        this.timer = timer;
        this.snapshots = snapshots;
    }

    /** How far the clock is behind an event; nothing where it is not. */
    Duration behind(Instant event) {
        Duration behind = Duration.between(clock.instant(), event);
        return behind.isNegative() ? Duration.ZERO : behind;
    }

    /** Does it, or, where it is not due yet, waits and lets the activity look again: by then it may be done or out of place. */
    Mono<Step> at(Instant due, Duration behind, String what, Mono<Step> action) {
        Duration wait = Duration.between(clock.instant().plus(behind), due);
        return wait.isNegative() || wait.isZero()
                ? action
                : Step.await(
                        "until " + due + " " + what, Mono.delay(wait, timer).then(Step.next()));
    }

    /** One sign of life of the server itself, once. */
    Mono<Vid> ping(String registry, UUID workflow, String message) {
        return pings.performInternally(
                registry, workflow, step -> step.perform(new PingCommands.Append(0, message, true)));
    }

    Mono<Vid> summarize(String registry, UUID workflow) {
        return pings.performInternally(registry, workflow, step -> step.perform(counted(step.state())));
    }

    private static PingCommands.Summarize counted(PingState state) {
        long errors = state.pings().stream().filter(ping -> ping.code() != 0).count();
        return new PingCommands.Summarize(
                errors > 0 ? 1 : 0, "{ totalCount: " + state.pings().size() + ", errorCount: " + errors + " }");
    }

    Mono<Vid> expire(String registry, UUID workflow) {
        return pings.performInternally(registry, workflow, step -> {
            step.end(true);
            return step.versions().workflow();
        });
    }

    /** Takes an ended workflow out of the index; one that is not there any more is fine. */
    Mono<Vid> delete(String registry, UUID workflow) {
        return onIndex(registry, new IndexCommands.Delete(workflow))
                .onErrorResume(
                        CommandRejectedException.class,
                        e -> e.code().equals(Status.Code.NOT_FOUND.name()) ? Mono.empty() : Mono.error(e));
    }

    /** Whether a reader from the start would read many more events than a snapshot has. */
    boolean wantsSnapshot(IndexState index) {
        return snapshots.wants(index);
    }

    /** Writes a snapshot of the index if there still is a reason for one. */
    Mono<Vid> snapshot(String registry) {
        return onIndex(registry, new IndexCommands.Snapshot(snapshots));
    }

    private Mono<Vid> onIndex(String registry, Command<IndexState, io.repowatch.wire.nogfso.WorkflowEvent> command) {
        var index = IndexAggregate.ref(registry);
        return workflows
                .loops()
                .registry(registry)
                .flatMap(target -> target.submit(Transaction.needing(index, unit -> unit.perform(index, command))));
    }
}
