package io.repowatch.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Virtual time that knows which tasks still wait; the scheduler below also counts those that were cancelled. */
final class CountedTimer implements Scheduler {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Map<Disposable, Duration> waiting = new ConcurrentHashMap<>();

    void advanceTimeBy(Duration duration) {
        time.advanceTimeBy(duration);
    }

    int waiting() {
        return waiting.size();
    }

    /** Whether a task waits that was scheduled with this delay. */
    boolean waitsFor(Duration delay) {
        return waiting.containsValue(delay);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable.Swap inner = Disposables.swap();
        waiting.put(inner, Duration.of(delay, unit.toChronoUnit()));
        Disposable handle = () -> {
            waiting.remove(inner);
            inner.dispose();
        };
        inner.replace(time.schedule(
                () -> {
                    waiting.remove(inner);
                    task.run();
                },
                delay,
                unit));
        return handle;
    }

    @Override
    public long now(TimeUnit unit) {
        return time.now(unit);
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException("timers only");
    }
}
