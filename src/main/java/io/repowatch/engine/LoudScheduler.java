package io.repowatch.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * The injected Scheduler of the callbacks, as the engine uses it. Reactor rethrows errors like {@link StackOverflowError} to
 * the thread's handler, where they would end a lane without anybody noticing: here they reach the engine. It also counts
 * what runs at this moment, so that an orderly stop knows when nothing does. Does not own the Scheduler behind it.
 */
final class LoudScheduler implements Scheduler {
    private final Scheduler target;
    private final Consumer<Throwable> onError;
    private final Runnable onIdle;
    private final AtomicInteger running = new AtomicInteger();

    /** {@code onIdle} is called whenever a task has ended and no other one runs. */
    LoudScheduler(Scheduler target, Consumer<Throwable> onError, Runnable onIdle) {
        this.target = target;
        this.onError = onError;
        this.onIdle = onIdle;
    }

    boolean isIdle() {
        return running.get() == 0;
    }

    private Runnable guard(Runnable task) {
        return () -> {
            running.incrementAndGet();
            try {
                task.run();
            } catch (Throwable e) {
                onError.accept(e);
            } finally {
                if (running.decrementAndGet() == 0) {
                    onIdle.run();
                }
            }
        };
    }

    @Override
    public Disposable schedule(Runnable task) {
        return target.schedule(guard(task));
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return target.schedule(guard(task), delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return target.schedulePeriodically(guard(task), initialDelay, period, unit);
    }

    @Override
    public long now(TimeUnit unit) {
        return target.now(unit);
    }

    @Override
    public Worker createWorker() {
        return new LoudWorker(target.createWorker());
    }

    private final class LoudWorker implements Worker {
        private final Worker worker;

        LoudWorker(Worker worker) {
            this.worker = worker;
        }

        @Override
        public Disposable schedule(Runnable task) {
            return worker.schedule(guard(task));
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return worker.schedule(guard(task), delay, unit);
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return worker.schedulePeriodically(guard(task), initialDelay, period, unit);
        }

        @Override
        public void dispose() {
            worker.dispose();
        }

        @Override
        public boolean isDisposed() {
            return worker.isDisposed();
        }
    }
}
