package io.repowatch.journal;

import java.util.function.Supplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Reads new {@link Pages} for each subscriber on a scheduler, as it asks. */
final class PagedFlux<T> extends Flux<T> {
    private final Supplier<Pages<T>> pages;
    private final Scheduler scheduler;

    PagedFlux(Supplier<Pages<T>> pages, Scheduler scheduler) {
        this.pages = pages;
        this.scheduler = scheduler;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        subscriber.onSubscribe(new PagedSubscription<>(subscriber, pages.get(), scheduler, ended -> {}));
    }
}
