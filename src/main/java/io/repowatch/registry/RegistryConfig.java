package io.repowatch.registry;

import io.repowatch.id.Authorizer;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/**
 * What a {@link Registry} is made with. Immutable; may be shared.
 *
 * @param scheduler where commands are decided and stream values arrive; stays the caller's
 * @param clock gives new event ids their time
 * @param random gives event ids and server-chosen repo ids their random bits; the registry calls it from one thread at a time
 * @param authorizer is asked before every request; never blocks
 * @param cachedRepos how many repo states each registry keeps in memory for the next command on them, at least 16;
 *     registries themselves stay
 * @param messageBytes how many bytes of events one message of a stream holds at most, from 1 to 4,000,000; a larger single
 *     event has a message of its own
 * @param moveAccept who agrees to moves of repos
 */
public record RegistryConfig(
        Scheduler scheduler,
        InstantSource clock,
        RandomGenerator random,
        Authorizer authorizer,
        int cachedRepos,
        int messageBytes,
        MoveAccept moveAccept) {
    private static final int MIN_CACHED_REPOS = 16;
    private static final int MAX_MESSAGE_BYTES = 4_000_000;

    /** @throws IllegalArgumentException if a number is out of its range; the message names it */
    public RegistryConfig {
        if (cachedRepos < MIN_CACHED_REPOS) {
            throw new IllegalArgumentException(
                    "cachedRepos must be at least " + MIN_CACHED_REPOS + ", not " + cachedRepos);
        }
        if (messageBytes < 1 || messageBytes > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException(
                    "messageBytes must be from 1 to " + MAX_MESSAGE_BYTES + ", not " + messageBytes);
        }
    }

    /** A builder with what has no default. */
    public static Builder builder(Scheduler scheduler, RandomGenerator random) {
        return new Builder(scheduler, random);
    }

    /** Collects the fields of a {@link RegistryConfig}. Not thread-safe. */
    public static final class Builder {
        private final Scheduler scheduler;
        private final RandomGenerator random;
        private InstantSource clock = InstantSource.system();
        private Authorizer authorizer = Authorizer.ALLOW_ALL;
        private int cachedRepos = 4096;
        private int messageBytes = 64 * 1024;
        private MoveAccept moveAccept = MoveAccept.MANUAL;

        private Builder(Scheduler scheduler, RandomGenerator random) {
            this.scheduler = scheduler;
            this.random = random;
        }

        /** The clock; default the system's. */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** The authorizer; default allows everything, which is right on loopback only. */
        public Builder authorizer(Authorizer value) {
            authorizer = value;
            return this;
        }

        /** The number of repo states kept per registry; default 4096. */
        public Builder cachedRepos(int value) {
            cachedRepos = value;
            return this;
        }

        /** The bytes of events per message; default 64 KiB. */
        public Builder messageBytes(int value) {
            messageBytes = value;
            return this;
        }

        /** Who agrees to moves; default {@link MoveAccept#MANUAL}, as existing applications expect it. */
        public Builder moveAccept(MoveAccept value) {
            moveAccept = value;
            return this;
        }

        /** @throws IllegalArgumentException if a number is out of its range; the message names it */
        public RegistryConfig build() {
            return new RegistryConfig(scheduler, clock, random, authorizer, cachedRepos, messageBytes, moveAccept);
        }
    }
}
