package io.repowatch.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/** What the builder has collected and checked; the defaults and units are described there. */
record Settings(
        EventSource source,
        Scheduler callbacks,
        Scheduler timer,
        RandomGenerator random,
        int repoLimit,
        int generalLimit,
        Duration firstBackoff,
        Duration maxBackoff,
        int wokenShare,
        int bulkShare,
        int turnEvents,
        Duration sweepPeriod,
        Duration sweepFirst,
        EngineListener listener) {

    Settings {
        atLeastOne("limit(REPO)", repoLimit);
        atLeastOne("limit(GENERAL)", generalLimit);
        atLeastOne("wokenShare woken", wokenShare);
        atLeastOne("wokenShare bulk", bulkShare);
        atLeastOne("turnEvents", turnEvents);
        positive("backoff first", firstBackoff);
        positive("backoff max", maxBackoff);
        positive("sweep period", sweepPeriod);
        if (firstBackoff.compareTo(maxBackoff) > 0) {
            throw new IllegalArgumentException(
                    "backoff first must not exceed max " + maxBackoff + ", but is " + firstBackoff);
        }
        if (sweepFirst.isNegative()) {
            throw new IllegalArgumentException("sweep firstAfter must not be negative, but is " + sweepFirst);
        }
    }

    int limit(StreamClass streamClass) {
        return switch (streamClass) {
            case REPO -> repoLimit;
            case GENERAL -> generalLimit;
        };
    }

    private static void atLeastOne(String field, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " must be at least 1, but is " + value);
        }
    }

    private static void positive(String field, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(field + " must be positive, but is " + value);
        }
    }
}
