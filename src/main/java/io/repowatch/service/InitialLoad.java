package io.repowatch.service;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Watches the initial load until every repo is settled, and shows how far it is. */
final class InitialLoad {
    private static final Duration EVERY = Duration.ofMillis(100);

    private final Mono<Long> total;
    private final ObserverPart observer;
    private final Progress progress;
    private final Endpoints endpoints;
    private final Scheduler timer;

    /** @param total how many repos there are; empty while that is not known */
    InitialLoad(Mono<Long> total, ObserverPart observer, Progress progress, Endpoints endpoints, Scheduler timer) {
        this.total = total;
        this.observer = observer;
        this.progress = progress;
        this.endpoints = endpoints;
        this.timer = timer;
    }

    /** Looks until the load is over, then emits the number of repos. */
    Mono<Long> done() {
        return total.filter(this::isDone)
                .repeatWhenEmpty(again -> again.delayElements(EVERY, timer))
                .doFinally(signal -> progress.close());
    }

    private boolean isDone(long repos) {
        long done = Math.min(observer.settled(), repos);
        progress.show(done, repos);
        endpoints.loading(done, repos);
        return done >= repos;
    }
}
