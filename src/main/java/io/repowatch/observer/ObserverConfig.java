package io.repowatch.observer;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What an observer observes, and its limits. Immutable; may be shared.
 *
 * @param registries the names of the registries, at least one
 * @param prefixes the global paths at or below which repos are observed, absolute, at least one; {@code /} is everything
 * @param hosts the storage hosts whose repos may be prepared here; empty leaves the check to the {@link Initializer}
 * @param repoReads how many repo streams are read at once, at least 1; default 10
 * @param generalReads how many other streams are read at once, at least 1; default 20
 * @param weakRetryLimit n in: after a weak failure n + 1 retries follow, and the failure after those is stored; 0 or more; default 5
 * @param errorMessageBytes the longest stored error in bytes of UTF-8, 40 to 200 (what registries accept); default 120
 * @param enabledWait how long a freeze or unfreeze waits for its repo to be enabled before it is given up; default 1 h
 * @param sweepPeriod how long it takes to look at every stream once, in case a signal was lost; default 1 h
 * @param firstBackoff the pause after a first failure, doubled with each further one; default 1 s
 * @param maxBackoff the longest pause after a failure; default 60 s
 * @param observationBuffer how many observations wait for a slow subscriber before the oldest are dropped, at least 1; default 1024
 */
public record ObserverConfig(
        Set<String> registries,
        List<String> prefixes,
        Set<String> hosts,
        int repoReads,
        int generalReads,
        int weakRetryLimit,
        int errorMessageBytes,
        Duration enabledWait,
        Duration sweepPeriod,
        Duration firstBackoff,
        Duration maxBackoff,
        int observationBuffer) {

    private static final int SHORTEST_MESSAGE = 40;
    private static final int LONGEST_MESSAGE = 200;

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names the field and the value
     */
    public ObserverConfig {
        registries = Collections.unmodifiableSet(new LinkedHashSet<>(registries));
        prefixes = List.copyOf(prefixes);
        hosts = Collections.unmodifiableSet(new LinkedHashSet<>(hosts));
        check(!registries.isEmpty(), "registries", registries, "must name at least one");
        check(noneBlank(registries), "registries", registries, "must not hold an empty name");
        check(!prefixes.isEmpty(), "prefixes", prefixes, "must name at least one");
        prefixes.forEach(prefix -> check(prefix.startsWith("/"), "prefixes", prefix, "must start with a slash"));
        check(noneBlank(hosts), "hosts", hosts, "must not hold an empty name");
        check(repoReads >= 1, "repoReads", repoReads, "must be at least 1");
        check(generalReads >= 1, "generalReads", generalReads, "must be at least 1");
        check(weakRetryLimit >= 0, "weakRetryLimit", weakRetryLimit, "must not be negative");
        check(
                errorMessageBytes >= SHORTEST_MESSAGE && errorMessageBytes <= LONGEST_MESSAGE,
                "errorMessageBytes",
                errorMessageBytes,
                "must be " + SHORTEST_MESSAGE + " to " + LONGEST_MESSAGE);
        positive("enabledWait", enabledWait);
        positive("sweepPeriod", sweepPeriod);
        positive("firstBackoff", firstBackoff);
        check(maxBackoff.compareTo(firstBackoff) >= 0, "maxBackoff", maxBackoff, "must not be below firstBackoff");
        check(observationBuffer >= 1, "observationBuffer", observationBuffer, "must be at least 1");
    }

    /** Starts from the defaults; registries and prefixes have none. */
    public static Builder builder() {
        return new Builder();
    }

    private static boolean noneBlank(Set<String> names) {
        return names.stream().noneMatch(String::isBlank);
    }

    private static void positive(String field, Duration value) {
        check(!value.isZero() && !value.isNegative(), field, value, "must be positive");
    }

    private static void check(boolean fine, String field, Object value, String rule) {
        if (!fine) {
            throw new IllegalArgumentException(field + " " + rule + ", but is " + value);
        }
    }

    /** Collects the values. Not thread-safe. */
    public static final class Builder {
        private final Set<String> registries = new LinkedHashSet<>();
        private final Set<String> prefixes = new LinkedHashSet<>();
        private final Set<String> hosts = new LinkedHashSet<>();
        private int repoReads = 10;
        private int generalReads = 20;
        private int weakRetryLimit = 5;
        private int errorMessageBytes = 120;
        private Duration enabledWait = Duration.ofHours(1);
        private Duration sweepPeriod = Duration.ofHours(1);
        private Duration firstBackoff = Duration.ofSeconds(1);
        private Duration maxBackoff = Duration.ofSeconds(60);
        private int observationBuffer = 1024;

        private Builder() {}

        /** Adds a registry. */
        public Builder registry(String name) {
            registries.add(name);
            return this;
        }

        /** Adds registries. */
        public Builder registries(Collection<String> names) {
            registries.addAll(names);
            return this;
        }

        /** Adds a prefix. */
        public Builder prefix(String path) {
            prefixes.add(path);
            return this;
        }

        /** Adds prefixes. */
        public Builder prefixes(Collection<String> paths) {
            prefixes.addAll(paths);
            return this;
        }

        /** Adds a host. */
        public Builder host(String name) {
            hosts.add(name);
            return this;
        }

        /** Adds hosts. */
        public Builder hosts(Collection<String> names) {
            hosts.addAll(names);
            return this;
        }

        /** See {@link ObserverConfig#repoReads()}. */
        public Builder repoReads(int count) {
            repoReads = count;
            return this;
        }

        /** See {@link ObserverConfig#generalReads()}. */
        public Builder generalReads(int count) {
            generalReads = count;
            return this;
        }

        /** See {@link ObserverConfig#weakRetryLimit()}. */
        public Builder weakRetryLimit(int limit) {
            weakRetryLimit = limit;
            return this;
        }

        /** See {@link ObserverConfig#errorMessageBytes()}. */
        public Builder errorMessageBytes(int bytes) {
            errorMessageBytes = bytes;
            return this;
        }

        /** See {@link ObserverConfig#enabledWait()}. */
        public Builder enabledWait(Duration limit) {
            enabledWait = limit;
            return this;
        }

        /** See {@link ObserverConfig#sweepPeriod()}. */
        public Builder sweepPeriod(Duration period) {
            sweepPeriod = period;
            return this;
        }

        /** See {@link ObserverConfig#firstBackoff()} and {@link ObserverConfig#maxBackoff()}. */
        public Builder backoff(Duration first, Duration max) {
            firstBackoff = first;
            maxBackoff = max;
            return this;
        }

        /** See {@link ObserverConfig#observationBuffer()}. */
        public Builder observationBuffer(int count) {
            observationBuffer = count;
            return this;
        }

        /**
         * Makes the configuration.
         *
         * @throws IllegalArgumentException if a value is out of range; the message names the field and the value
         */
        public ObserverConfig build() {
            return new ObserverConfig(
                    registries,
                    List.copyOf(prefixes),
                    hosts,
                    repoReads,
                    generalReads,
                    weakRetryLimit,
                    errorMessageBytes,
                    enabledWait,
                    sweepPeriod,
                    firstBackoff,
                    maxBackoff,
                    observationBuffer);
        }
    }
}
