package io.repowatch.client;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How the client waits, retries and reads ahead. Immutable; may be shared as far as {@link #random} may.
 *
 * @param connectTimeout how long a signal subscription waits for a connection before it counts as failed; default 10 s, more
 *     than zero
 * @param confirmTimeout how long to wait for a sign that the signal subscription is effective before everything is looked
 *     at anyway; default 1 s, more than zero
 * @param pollInterval the pause between two passes over everything where the server has no signals; default 1 s, more than
 *     zero
 * @param firstBackoff the longest pause before the first attempt to subscribe again; default 1 s, more than zero
 * @param maxBackoff the limit to which that pause doubles, and how long a subscription has to last to be made again
 *     within a tenth of {@link #firstBackoff}, and then with pauses from the first one on; default 60 s, at least {@link #firstBackoff}
 * @param commandTimeout how long a command may take; default 10 s, more than zero
 * @param readTimeout how long a read may stay silent while it is asked for more; default 30 s, more than zero
 * @param prefetch how many messages a stream reads ahead of its consumer; default 32, from 2 to 4096
 * @param newsBytes how many bytes of events that come with wake-ups are kept until they are asked for; those that do not fit are
 *     read. Default 1 MiB, from 0, for none, to 64 MiB
 * @param timer runs the timers, tells the time, and sends what the reads of one call ask for together; default {@link
 *     Schedulers#parallel()}
 * @param random the jitter of the pauses; called from one thread at a time
 */
public record ClientConfig(
        Duration connectTimeout,
        Duration confirmTimeout,
        Duration pollInterval,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration commandTimeout,
        Duration readTimeout,
        int prefetch,
        int newsBytes,
        Scheduler timer,
        RandomGenerator random) {

    private static final int MIN_PREFETCH = 2;
    private static final int MAX_PREFETCH = 4096;
    private static final int MAX_NEWS_BYTES = 64 << 20;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException that names the field and its value
     */
    public ClientConfig {
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("confirmTimeout", confirmTimeout);
        requirePositive("pollInterval", pollInterval);
        requirePositive("firstBackoff", firstBackoff);
        requirePositive("commandTimeout", commandTimeout);
        requirePositive("readTimeout", readTimeout);
        if (maxBackoff.compareTo(firstBackoff) < 0) {
            throw new IllegalArgumentException(
                    "maxBackoff must be at least firstBackoff (" + firstBackoff + "): " + maxBackoff);
        }
        if (prefetch < MIN_PREFETCH || prefetch > MAX_PREFETCH) {
            throw new IllegalArgumentException(
                    "prefetch must be from " + MIN_PREFETCH + " to " + MAX_PREFETCH + ": " + prefetch);
        }
        if (newsBytes < 0 || newsBytes > MAX_NEWS_BYTES) {
            throw new IllegalArgumentException("newsBytes must be from 0 to " + MAX_NEWS_BYTES + ": " + newsBytes);
        }
    }

    private static void requirePositive(String field, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(field + " must be more than zero: " + value);
        }
    }

    /** All defaults. */
    public static ClientConfig defaults() {
        return builder().build();
    }

    /** A builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the values; not thread-safe. */
    public static final class Builder {
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration confirmTimeout = Duration.ofSeconds(1);
        private Duration pollInterval = Duration.ofSeconds(1);
        private Duration firstBackoff = Duration.ofSeconds(1);
        private Duration maxBackoff = Duration.ofSeconds(60);
        private Duration commandTimeout = Duration.ofSeconds(10);
        private Duration readTimeout = Duration.ofSeconds(30);
        private int prefetch = 32;
        private int newsBytes = 1 << 20;
        private Scheduler timer = Schedulers.parallel();
        private RandomGenerator random = new SplittableRandom();

        private Builder() {}

        /** Sets {@link ClientConfig#connectTimeout}. */
        public Builder connectTimeout(Duration value) {
            this.connectTimeout = value;
            return this;
        }

        /** Sets {@link ClientConfig#confirmTimeout}. */
        public Builder confirmTimeout(Duration value) {
            this.confirmTimeout = value;
            return this;
        }

        /** Sets {@link ClientConfig#pollInterval}. */
        public Builder pollInterval(Duration value) {
            this.pollInterval = value;
            return this;
        }

        /** Sets {@link ClientConfig#firstBackoff} and {@link ClientConfig#maxBackoff}. */
        public Builder backoff(Duration first, Duration max) {
            this.firstBackoff = first;
            this.maxBackoff = max;
            return this;
        }

        /** Sets {@link ClientConfig#commandTimeout}. */
        public Builder commandTimeout(Duration value) {
            this.commandTimeout = value;
            return this;
        }

        /** Sets {@link ClientConfig#readTimeout}. */
        public Builder readTimeout(Duration value) {
            this.readTimeout = value;
            return this;
        }

        /** Sets {@link ClientConfig#prefetch}. */
        public Builder prefetch(int value) {
            this.prefetch = value;
            return this;
        }

        /** Sets {@link ClientConfig#newsBytes}. */
        public Builder newsBytes(int value) {
            this.newsBytes = value;
            return this;
        }

        /** Sets {@link ClientConfig#timer}. */
        public Builder timer(Scheduler value) {
            this.timer = value;
            return this;
        }

        /** Sets {@link ClientConfig#random}. */
        public Builder random(RandomGenerator value) {
            this.random = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException that names the field that is out of range, and its value
         */
        public ClientConfig build() {
            return new ClientConfig(
                    connectTimeout,
                    confirmTimeout,
                    pollInterval,
                    firstBackoff,
                    maxBackoff,
                    commandTimeout,
                    readTimeout,
                    prefetch,
                    newsBytes,
                    timer,
                    random);
        }
    }
}
