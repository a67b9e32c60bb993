package io.repowatch.service;

import io.repowatch.observer.Observer;
import io.repowatch.observer.RepoStatus.State;
import java.time.Duration;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Watches the initial load until every repo is enabled or has a stored error, and shows how far it is. */
final class InitialLoad {
    private static final Duration EVERY = Duration.ofMillis(100);

    private final OwnRegistry registry;
    private final Observer observer;
    private final Progress progress;
    private final Scheduler timer;

    InitialLoad(OwnRegistry registry, Observer observer, Progress progress, Scheduler timer) {
        this.registry = registry;
        this.observer = observer;
        this.progress = progress;
        this.timer = timer;
    }

    /** Looks until the load is over, then emits the number of repos. Subscribe when the first tracking pass is over. */
    Mono<Long> done() {
        return registry.countRepos()
                .filter(this::isDone)
                .repeatWhenEmpty(again -> again.delayElements(EVERY, timer))
                .doFinally(signal -> progress.close());
    }

    private boolean isDone(long total) {
        Map<State, Long> counts = observer.counts();
        long done = counts.getOrDefault(State.ENABLED, 0L) + counts.getOrDefault(State.ERROR, 0L);
        progress.show(Math.min(done, total), total);
        return done >= total;
    }
}
