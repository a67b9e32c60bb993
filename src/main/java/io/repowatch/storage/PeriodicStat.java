package io.repowatch.storage;

import io.repowatch.observer.RepoInfo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Stats every enabled repo once per interval, each at its own moment of it, which depends on the repo's id alone: the load is
 * even, and a restart neither repeats nor skips anything but what was due while the service was down. Thread-safe.
 *
 * <p>A repo that is busy is not waited for, but tried again a sixteenth of the interval later. What fails is told and does not
 * touch the others; it comes again with the next interval. When the host cannot keep up, repos come late, and less often than
 * once per interval; they never pile up.
 */
public final class PeriodicStat {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicStat.class);

    /** How many times per interval it is looked who is due. */
    private static final int TICKS = 1000;

    private static final Duration SHORTEST_TICK = Duration.ofMillis(10);

    private final RepoTable table;
    private final Function<RepoInfo, Mono<Boolean>> work;
    private final Duration interval;
    private final int parallel;
    private final Scheduler timer;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Listener listener;

    /** Hears what becomes of each stat, on any thread; must not block. What it throws ends nothing. */
    public interface Listener {
        /** Hears nothing. */
        Listener NONE = new Listener() {};

        /** The repo was looked at; {@code changed} if there is a new commit. */
        default void done(UUID repo, boolean changed) {}

        /** It failed; the next interval tries again. */
        default void failed(UUID repo, Throwable error) {}

        /** It was busy, and comes again later. */
        default void deferred(UUID repo) {}
    }

    /**
     * Uses, but does not own, what it gets.
     *
     * @param table the enabled repos, and their locks
     * @param config where shadows are, who commits
     * @param interval how often each repo is looked at; at least one second
     * @param author whose commits these are
     * @param parallel how many repos are looked at at a time, at least 1; fewer than {@code blocking} has threads, so that requests
     *     find one free
     * @param blocking a bounded Scheduler whose threads may block
     * @param timer a Scheduler for delays, whose threads are not blocked
     * @param clock what time it is
     * @param random spreads the repos that were busy
     * @param progress hears how far walks have come
     * @param listener hears how each ended
     * @throws IllegalArgumentException that names what is out of range
     */
    public PeriodicStat(
            RepoTable table,
            StorageConfig config,
            Duration interval,
            GitUser author,
            int parallel,
            Scheduler blocking,
            Scheduler timer,
            InstantSource clock,
            RandomGenerator random,
            ProgressListener progress,
            Listener listener) {
        this(
                table,
                work(new StatOperation(config, clock, progress), new BlockingWork(blocking), author),
                interval,
                parallel,
                timer,
                clock,
                random,
                listener);
    }

    PeriodicStat(
            RepoTable table,
            Function<RepoInfo, Mono<Boolean>> work,
            Duration interval,
            int parallel,
            Scheduler timer,
            InstantSource clock,
            RandomGenerator random,
            Listener listener) {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval must be at least one second, but is " + interval);
        }
        if (parallel < 1) {
            throw new IllegalArgumentException("parallel must be at least 1, but is " + parallel);
        }
        this.table = table;
        this.work = work;
        this.interval = interval;
        this.parallel = parallel;
        this.timer = timer;
        this.clock = clock;
        this.random = random;
        this.listener = listener;
    }

    private static Function<RepoInfo, Mono<Boolean>> work(
            StatOperation operation, BlockingWork blocking, GitUser author) {
        return info -> blocking.run(stopped -> operation.run(operation.request(info, author, false), stopped));
    }

    /**
     * Runs while subscribed; never completes, and fails only if the timer refuses. Cancelling ends the walks that run at their
     * next entry, without a commit. Each subscription runs on its own; one at a time is enough.
     */
    public Mono<Void> run() {
        return Mono.defer(() -> {
            Agenda agenda = new Agenda(interval, clock.instant(), random);
            Duration tick = interval.dividedBy(TICKS);
            Duration pause = tick.compareTo(SHORTEST_TICK) < 0 ? SHORTEST_TICK : tick;
            return Flux.<Integer>generate(ticks -> ticks.next(0))
                    .concatMap(ignored -> Mono.delay(pause, timer).map(passed -> agenda.due(clock.instant(), table)), 0)
                    .concatMapIterable(due -> due, 1)
                    .flatMap(repo -> stat(repo, agenda), parallel, 1)
                    .then();
        });
    }

    private Mono<Void> stat(UUID repo, Agenda agenda) {
        return table.withFreeRepo(repo, work)
                .doOnNext(changed -> listener.done(repo, changed))
                .onErrorResume(error -> {
                    ended(repo, error, agenda);
                    return Mono.empty();
                })
                .onErrorResume(broken -> {
                    LOG.warn("a listener failed for repo {}", repo, broken);
                    return Mono.empty();
                })
                .then();
    }

    private void ended(UUID repo, Throwable error, Agenda agenda) {
        if (error instanceof BusyException) {
            agenda.defer(repo, clock.instant());
            listener.deferred(repo);
        } else if (!(error instanceof RepoNotEnabledException) && !(error instanceof CancellationException)) {
            LOG.warn("periodic stat of repo {} failed: {}", repo, error.getMessage());
            listener.failed(repo, error);
        }
    }
}
