package io.repowatch.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads time from the injected timer and waits on it. */
final class Timing {
    private Timing() {}

    /** Nanoseconds from an arbitrary start; never goes back, unlike the same Scheduler asked for milliseconds. */
    static long nanos(Scheduler timer) {
        return timer.now(TimeUnit.NANOSECONDS);
    }

    /** Completes when nothing is left, however often {@code nanosLeft} has grown meanwhile. */
    static Mono<Void> untilNothingIsLeft(LongSupplier nanosLeft, Scheduler timer) {
        return Mono.defer(() -> Mono.delay(Duration.ofNanos(Math.max(0, nanosLeft.getAsLong())), timer))
                .repeat(() -> nanosLeft.getAsLong() > 0)
                .then();
    }
}
