package io.repowatch.observer;

import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.ActivityFactory;
import io.repowatch.engine.ActivityState;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One run of an observer, from a subscription of {@link Observer#watch()} to its end. */
final class ObserverRun {
    private static final Duration FIRST_SWEEP = Duration.ofSeconds(30);

    private final Observer.Parts parts;
    private final ObservationRing ring;
    private final StatusBoard board;
    private final WorkflowBoard workflows;
    private final WorkflowWork workflowWork;
    private final WorkflowParts workflowParts;
    private final Map<String, RepoChains> chains = new ConcurrentHashMap<>();
    private final Runnable onEnd;
    private final ActivityEngine engine;
    private final RepoWork work;
    private final Disposable.Swap serving = Disposables.swap();
    private final Disposable.Swap cancelling = Disposables.swap();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean finished = new AtomicBoolean();

    ObserverRun(Observer.Parts parts, CoreSubscriber<? super Observation> subscriber, Runnable onEnd) {
        this.parts = parts;
        this.onEnd = onEnd;
        ObserverConfig config = parts.config();
        ring = new ObservationRing(
                config.observationBuffer(), subscriber, parts.callbacks().createWorker(), this::cancelled);
        board = new StatusBoard(parts.clock());
        FailurePolicy failures = new FailurePolicy(
                config, parts.commands(), parts.clock(), ring, parts.workings().weakFailures());
        workflowWork = new WorkflowWork(
                config, parts.initializer(), parts.processor(), parts.commands(), parts.clock(), parts.timer());
        workflows = new WorkflowBoard(parts.initializer()::moveProgress);
        workflowParts = new WorkflowParts(parts.workings(), workflowWork, workflows, ring, parts.callbacks());
        work = new RepoWork(
                config,
                parts.initializer(),
                parts.processor(),
                workflowParts,
                failures,
                ring,
                board,
                parts.workings().repoRules(new Prefixes(config.prefixes())));
        engine = parts.workings()
                .engine(parts.source())
                .scheduler(parts.callbacks())
                .timer(parts.timer())
                .random(parts.random())
                .limit(StreamClass.REPO, config.repoReads())
                .limit(StreamClass.GENERAL, config.generalReads())
                .backoff(config.firstBackoff(), config.maxBackoff())
                .sweep(config.sweepPeriod(), FIRST_SWEEP)
                .listener(new EngineReports(parts.clock(), board, workflows, ring, parts.listener()))
                .build();
    }

    ObservationRing ring() {
        return ring;
    }

    StatusBoard board() {
        return board;
    }

    WorkflowBoard workflows() {
        return workflows;
    }

    int followed() {
        return engine.size(StreamClass.REPO);
    }

    Map<StreamClass, Map<ActivityState, Long>> activities() {
        return engine.activities();
    }

    /** Begins; does nothing if the subscriber has cancelled already. */
    void start() {
        List<Mono<Void>> all = new ArrayList<>();
        Prefixes prefixes = new Prefixes(parts.config().prefixes());
        RegistryRules rules = parts.workings().registryRules(prefixes);
        IndexRules indexRules = new IndexRules(prefixes);
        for (String registry : parts.config().registries()) {
            all.add(run(new RegistryKey(registry), registryActivities(rules)));
            all.add(run(new IndexKey(registry), indexActivities(indexRules)));
        }
        all.add(engine.serve());
        if (!stopping.get()) {
            serving.update(Flux.merge(Flux.fromIterable(all), all.size())
                    .subscribe(nothing -> {}, this::ended, () -> ended(null)));
        }
    }

    private <E> Mono<Void> run(StreamKey<E> key, ActivityFactory<E> activities) {
        // That the engine was stopped is told by the end of serve().
        return engine.run(key, activities).onErrorComplete(CancellationException.class);
    }

    private ActivityFactory<RegistryEvent> registryActivities(RegistryRules rules) {
        return (key, scope) -> {
            RegistryKey registry = (RegistryKey) key;
            RepoChains own = parts.workings().chains(scope, this::repoActivities);
            chains.put(registry.registry(), own);
            return new RegistryActivity(registry, rules, own, ring);
        };
    }

    private ActivityFactory<WorkflowEvent> indexActivities(IndexRules rules) {
        return (key, scope) -> new IndexActivity((IndexKey) key, rules, scope, workflowParts);
    }

    private ActivityFactory<RepoEvent> repoActivities(RepoChains chains, Link link) {
        RepoContext context = new RepoContext(work, chains);
        return (key, scope) -> parts.workings().repoActivity(context, scope, link);
    }

    List<WaitReason> why(UUID repo) {
        List<WaitReason> reasons = new ArrayList<>();
        RepoStatus status = board.get(repo);
        if (status != null) {
            reasons.add(WaitReason.of(status));
        }
        workflows.snapshot(repo).forEach(workflow -> reasons.add(WaitReason.of(workflow)));
        for (RepoChains each : chains.values()) {
            each.links(repo).stream().skip(1).map(WaitReason::queued).forEach(reasons::add);
        }
        return reasons;
    }

    /** Lets running callbacks end until the deadline; completes when nothing runs any more. */
    Mono<Void> stop(Duration deadline) {
        return Mono.defer(() -> {
            stopping.set(true);
            // Subscribed in this order.
            return Mono.when(engine.stop(deadline), Mono.fromRunnable(workflowWork::stop))
                    .doOnTerminate(() -> finish(null));
        });
    }

    private void cancelled() {
        cancelling.update(stop(Duration.ZERO).subscribe());
    }

    private void ended(@Nullable Throwable error) {
        // The engine ends when nothing runs any more, also in a stop whose caller has gone; then another run may begin.
        finish(error);
    }

    private void finish(@Nullable Throwable error) {
        if (finished.compareAndSet(false, true)) {
            ring.complete(error);
            onEnd.run();
        }
    }
}
