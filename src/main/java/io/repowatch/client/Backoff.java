package io.repowatch.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts: each time twice as long up to a limit, and a random part of up to one half less, so that many
 * clients of one server do not come back together. Not thread-safe.
 */
final class Backoff {
    private final long first;
    private final long max;
    private final RandomGenerator random;
    private long next;

    Backoff(Duration first, Duration max, RandomGenerator random) {
        this.first = first.toNanos();
        this.max = max.toNanos();
        this.random = random;
        this.next = this.first;
    }

    /** The next pause. */
    Duration next() {
        long whole = next;
        next = whole > max / 2 ? max : whole * 2;
        return Duration.ofNanos(whole - (long) (random.nextDouble() * whole / 2));
    }

    /** Starts again, with a part of a tenth of the first pause, chosen by chance: what has worked for long will soon work again. */
    Duration soon() {
        next = first;
        long whole = first / 10;
        return Duration.ofNanos(whole - (long) (random.nextDouble() * whole));
    }
}
