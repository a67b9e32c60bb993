package io.repowatch.client;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Watches one stream and counts only the time in which something is owed. The plain timeout operator also counts the time that
 * the consumer takes, so it would punish slow handling.
 */
final class Silence {
    private final long limit;
    private final Scheduler timer;
    private final AtomicLong owed = new AtomicLong();
    private volatile long since;
    private volatile boolean broken;

    private Silence(Duration limit, Scheduler timer) {
        this.limit = limit.toNanos();
        this.timer = timer;
        this.since = Timing.nanos(timer);
    }

    /**
     * The same elements; ends with a {@link TimeoutException}, and cancels {@code source}, once it has sent nothing for
     * {@code limit} although it was asked to.
     */
    static <T> Flux<T> limited(Flux<T> source, Duration limit, Scheduler timer) {
        return Flux.defer(() -> {
            Silence silence = new Silence(limit, timer);
            Mono<Void> tooLong =
                    Timing.untilNothingIsLeft(silence::left, timer).doOnSuccess(end -> silence.broken = true);
            // takeUntilOther does not cancel its source when the other one fails, only when that completes.
            return source.doOnRequest(silence::asked)
                    .doOnNext(element -> silence.answered())
                    .takeUntilOther(tooLong)
                    .concatWith(Mono.defer(() -> silence.verdict(limit)));
        });
    }

    private <T> Mono<T> verdict(Duration allowed) {
        return broken
                ? Mono.error(new TimeoutException("nothing came for " + allowed.toMillis() + " ms"))
                : Mono.empty();
    }

    private void asked(long count) {
        if (owed.get() == 0) {
            since = Timing.nanos(timer);
        }
        owed.accumulateAndGet(count, Operators::addCap);
    }

    private void answered() {
        since = Timing.nanos(timer);
        owed.updateAndGet(count -> count == Long.MAX_VALUE ? count : count - 1);
    }

    private long left() {
        return owed.get() == 0 ? limit : limit - (Timing.nanos(timer) - since);
    }
}
