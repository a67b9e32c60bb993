package io.repowatch.service;

import io.repowatch.id.Authorizer;
import io.repowatch.id.Principal;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What every server process is built on: its threads, its clock, its metrics, and who may do what.
 *
 * @param lifecycle stops what is started
 * @param timer where time passes
 * @param callbacks where the engine's and the registry's work runs; never blocks
 * @param startup where opening and listening block, one after the other
 * @param clock the time of events and commits
 * @param random the source of ids and jitter
 * @param metrics what is counted
 */
record Basics(
        Lifecycle lifecycle,
        Scheduler timer,
        Scheduler callbacks,
        Scheduler startup,
        InstantSource clock,
        RandomGenerator random,
        Metrics metrics) {
    /** Who the process is where it calls itself. */
    static final Principal SELF = new Principal("repowatch");

    // Everything listens on loopback in this version, where whoever can connect may do everything.
    static final Supplier<Principal> CALLER = () -> Principal.ANONYMOUS;
    static final Authorizer AUTHORIZER = Authorizer.ALLOW_ALL;

    static Basics of(Lifecycle lifecycle) {
        // One processor is for reads, connections and Java's compiler, which makes all others faster.
        return new Basics(
                lifecycle,
                lifecycle.owned(Schedulers.newSingle("repowatch-timer", true)),
                lifecycle.owned(Schedulers.newParallel("repowatch-callbacks", Math.max(1, cores() - 1), true)),
                lifecycle.blocking(1, "repowatch-start"),
                InstantSource.system(),
                new SecureRandom(),
                new Metrics(lifecycle));
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
