package io.repowatch.testkit.simulation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** The threads of one process: nothing that was scheduled here runs any more once the process is dead. */
final class ProcessScheduler implements Scheduler {
    private final VirtualTime time;
    private boolean dead;

    ProcessScheduler(VirtualTime time) {
        this.time = time;
    }

    /** Ends the process without a word to anybody. */
    void kill() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    Disposable after(Duration delay, Runnable task) {
        return time.schedule(time.soon() + delay.toNanos(), this, task);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return dead ? Disposables.disposed() : time.schedule(time.soon(), this, task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return dead ? Disposables.disposed() : time.schedule(time.nanos() + unit.toNanos(delay), this, task);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        Disposable.Swap next = Disposables.swap();
        Runnable again = new Runnable() {
            @Override
            public void run() {
                next.update(schedule(this, period, unit));
                task.run();
            }
        };
        next.update(schedule(again, initialDelay, unit));
        return next;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(time.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Worker createWorker() {
        return new InOrder();
    }

    /** Runs tasks that are due at once in the order in which they came. */
    private final class InOrder implements Worker {
        private final Disposable.Composite tasks = Disposables.composite();
        private long last;

        @Override
        public Disposable schedule(Runnable task) {
            if (dead || tasks.isDisposed()) {
                return Disposables.disposed();
            }
            last = Math.max(last, time.soon());
            return hold(last, task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return dead || tasks.isDisposed()
                    ? Disposables.disposed()
                    : hold(time.nanos() + unit.toNanos(delay), task);
        }

        private Disposable hold(long due, Runnable task) {
            Disposable.Swap held = Disposables.swap();
            tasks.add(held);
            held.update(time.schedule(due, ProcessScheduler.this, () -> {
                tasks.remove(held);
                task.run();
            }));
            return held;
        }

        @Override
        public void dispose() {
            tasks.dispose();
        }

        @Override
        public boolean isDisposed() {
            return tasks.isDisposed();
        }
    }
}
