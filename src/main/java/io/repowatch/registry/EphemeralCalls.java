package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Journal;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Finds the workflows of registries, and waits for them. */
final class EphemeralCalls {
    private final Journal journal;
    private final ChangeHub hub;
    private final Scheduler scheduler;
    private final CommandLoops loops;

    EphemeralCalls(Journal journal, ChangeHub hub, Scheduler scheduler, CommandLoops loops) {
        this.journal = journal;
        this.hub = hub;
        this.scheduler = scheduler;
        this.loops = loops;
    }

    /** Emits the newest durable state. */
    Mono<Snapshot<EphemeralState>> current(UUID workflow) {
        return Replay.of(journal, EphemeralAggregate.ref(workflow));
    }

    /** Emits the first durable state that is as wanted. Waits without a thread; ends in error when the registry closes. */
    Mono<Snapshot<EphemeralState>> await(UUID workflow, Predicate<EphemeralState> wanted) {
        return hub.news(EphemeralAggregate.ref(workflow).stream())
                .publishOn(scheduler, 1)
                .concatMap(news -> current(workflow), 1)
                .filter(snapshot -> wanted.test(snapshot.state()))
                .next();
    }

    /** Emits what a workflow began with; empty if nothing has. It never changes, so whoever has it needs no other read. */
    Mono<EphemeralState> begun(UUID workflow) {
        AggregateRef<EphemeralState, WorkflowEvent> ref = EphemeralAggregate.ref(workflow);
        return journal.read(ref.stream(), Vid.EPOCH)
                .next()
                .map(first -> ref.aggregate()
                        .evolve(ref.aggregate().initial(), Replay.parsed(ref.aggregate(), ref.stream(), first)));
    }

    /** Emits the version of an index after which its newest snapshot begins; the epoch if it has none, or does not exist. */
    Mono<Vid> indexStart(String registry) {
        AggregateRef<IndexState, WorkflowEvent> index = IndexAggregate.ref(registry);
        return loops.registry(registry)
                .flatMap(target -> target.submit(
                        Transaction.needing(index, unit -> unit.state(index).beforeSnapshot())))
                .onErrorResume(
                        CommandRejectedException.class,
                        e -> e.code().equals(Status.Code.NOT_FOUND.name()) ? Mono.just(Vid.EPOCH) : Mono.error(e));
    }

    /** Emits the name of the registry with an id; empty if there is none. */
    Mono<String> registryName(UUID id) {
        AggregateRef<MainState, ?> main = AggregateRef.main();
        return loops.main()
                .current(main)
                .flatMapMany(snapshot -> Flux.fromIterable(snapshot.state().names()))
                .filter(name -> EntityIds.registry(name).equals(id))
                .next();
    }

    CommandLoops loops() {
        return loops;
    }
}
