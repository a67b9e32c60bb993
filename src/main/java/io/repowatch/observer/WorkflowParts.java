package io.repowatch.observer;

import io.repowatch.engine.Scope;
import io.repowatch.observer.WorkflowKey.OfRegistry;
import io.repowatch.observer.WorkflowKey.OfRepo;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Starts the activities of workflows and tells whoever waits how they end. Thread-safe. */
final class WorkflowParts {
    private final Makings makings;
    private final WorkflowWork work;
    private final WorkflowBoard board;
    private final Observations observations;
    private final Scheduler callbacks;

    WorkflowParts(
            Makings makings, WorkflowWork work, WorkflowBoard board, Observations observations, Scheduler callbacks) {
        this.makings = makings;
        this.work = work;
        this.board = board;
        this.observations = observations;
        this.callbacks = callbacks;
    }

    Makings makings() {
        return makings;
    }

    WorkflowWork work() {
        return work;
    }

    void observe(Observation observation) {
        observations.add(observation);
    }

    /**
     * Runs a part of a workflow of a repo and emits how it ended. Subscribed again while it runs it finds the one that runs.
     * Cancelling stops the waiting only; the activity ends with its scope. Empty if the observer stops first.
     */
    Mono<PartEnd> run(Scope scope, WorkflowPart part, RepoState repo, UUID workflow) {
        return Mono.defer(() -> {
            WorkflowKey key = new WorkflowKey(new OfRepo(repo.id()), workflow);
            return start(scope, new PartRun.Id(key, part), makings.ofRepo(part, repo, workflow))
                    .end()
                    .takeUntilOther(work.stopping())
                    // Whoever waits goes on by himself, not inside the callback that ends the part.
                    .publishOn(callbacks);
        });
    }

    static WorkflowRules<?> ofRepo(WorkflowPart part, RepoState repo, UUID workflow) {
        return switch (part) {
            case RELEASE -> new ReleaseRules(repo, workflow);
            case ACQUIRE -> new AcquireRules(repo, workflow);
            case MOVE_SHADOW -> new MoveShadowRules(repo.id(), workflow);
            case FREEZE, UNFREEZE, PING -> throw new IllegalArgumentException(part + " is not a workflow of a repo");
        };
    }

    /** Runs a part of a workflow of a registry, which may run already; how it ends. */
    Mono<PartEnd> start(Scope scope, WorkflowPart part, String registry, UUID workflow) {
        WorkflowKey key = new WorkflowKey(new OfRegistry(registry), workflow);
        return start(scope, new PartRun.Id(key, part), ofRegistry(part, workflow))
                .end();
    }

    static WorkflowRules<?> ofRegistry(WorkflowPart part, UUID workflow) {
        return switch (part) {
            case FREEZE -> new FreezeRules(true, workflow);
            case UNFREEZE -> new FreezeRules(false, workflow);
            case PING -> new PingRules(workflow);
            case RELEASE, ACQUIRE, MOVE_SHADOW ->
                throw new IllegalArgumentException(part + " is not a workflow of a registry");
        };
    }

    private PartRun<?> start(Scope scope, PartRun.Id id, WorkflowRules<?> rules) {
        PartRun<?> run = board.enter(id, missing -> new PartRun<>(missing, rules, work.now()));
        // The run is its own tag: one that begins while another one is about to end comes after it.
        scope.startInTurn(id.key(), run, (key, own) -> new WorkflowActivity<>(run, this));
        return run;
    }

    void ended(PartRun<?> run, PartEnd how) {
        board.leave(run);
        observations.add(
                new Observation.WorkflowEnded(run.id.key().workflow(), run.id.part(), run.repo(), how.aborted()));
        run.ended(how);
    }
}
