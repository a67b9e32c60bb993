package io.repowatch.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after the n-th failure in a row: the first delay, doubled each time up to a maximum, of which the random
 * source takes away up to half so that activities that failed together do not come back together.
 */
final class Backoff {
    private final long first;
    private final long max;
    private final RandomGenerator random;

    Backoff(Duration first, Duration max, RandomGenerator random) {
        this.first = first.toNanos();
        this.max = max.toNanos();
        this.random = random;
    }

    /** The delay after failure number {@code attempt}, counted from 1: between half and all of the nominal delay. */
    Duration delay(int attempt) {
        long nominal = first;
        for (int i = 1; i < attempt && nominal < max; i++) {
            nominal = Math.min(max, nominal * 2);
        }
        double fraction;
        // An injected generator need not be thread-safe, and activities fail on several threads.
        synchronized (random) {
            fraction = random.nextDouble();
        }
        return Duration.ofNanos(nominal - (long) (nominal / 2.0 * fraction));
    }
}
