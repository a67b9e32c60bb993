package io.repowatch.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The net below lost wake-ups: looks at every sleeper once after the first delay, and from then on about once in each
 * period, a few at a time, except while the source is lossless. The steps are spread by the random source so that several
 * engines do not step together.
 */
final class Sweep {
    private static final int FEWEST_STEPS = 16;
    private static final int MOST_STEPS = 3600;

    private final EventSource source;
    private final Duration period;
    private final Duration first;
    private final Scheduler timer;
    private final RandomGenerator random;

    Sweep(Settings settings) {
        this.source = settings.source();
        this.period = settings.sweepPeriod();
        this.first = settings.sweepFirst();
        this.timer = settings.timer();
        this.random = settings.random();
    }

    /** Sweeps one class while subscribed; emits nothing and never completes. */
    Mono<Void> run(ReadyQueue queue) {
        return Mono.delay(first, timer).then(Mono.defer(() -> {
            sweep(queue, queue.roster.size());
            return rounds(queue);
        }));
    }

    private Mono<Void> rounds(ReadyQueue queue) {
        double[] due = {0};
        return Flux.defer(() -> {
                    long nominal = step(queue.roster.size());
                    return Mono.delay(Duration.ofNanos(spread(nominal)), timer).doOnNext(tick -> {
                        due[0] += queue.roster.size() * (double) nominal / period.toNanos();
                        int whole = (int) due[0];
                        due[0] -= whole;
                        sweep(queue, whole);
                    });
                })
                .repeat()
                .then();
    }

    /** A source that loses nothing now may be connected to another server before the next step. */
    private void sweep(ReadyQueue queue, int count) {
        if (!source.lossless()) {
            queue.sweep(count);
        }
    }

    /** The nominal time between two steps: so that each step has about one sleeper, within bounds. */
    private long step(int sleepers) {
        int steps = Math.max(FEWEST_STEPS, Math.min(MOST_STEPS, sleepers));
        return Math.max(1, period.toNanos() / steps);
    }

    /** Half to one and a half of the nominal time. */
    private long spread(long nominal) {
        synchronized (random) {
            return (long) (nominal * (0.5 + random.nextDouble()));
        }
    }
}
