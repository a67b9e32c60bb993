package io.repowatch.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * The injected Scheduler of the callbacks, as the engine uses it. Reactor rethrows errors like {@link StackOverflowError} to
 * the thread's handler, where they would end a lane without anybody noticing: here they reach the engine. It also counts
 * what runs at this moment, so that an orderly stop knows when nothing does. Knows no time: delays elapse on the timer. Does not
 * own the Scheduler behind it.
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

    /** A task that brings its own guard along, so that it can be scheduled without an object for each time. */
    interface Job extends Runnable {
        /** Where it runs. */
        LoudScheduler scheduler();

        void work();

        @Override
        default void run() {
            scheduler().guard(this);
        }
    }

    private record Guarded(LoudScheduler scheduler, Runnable task) implements Job {
        @Override
        public void work() {
            task.run();
        }
    }

    private void guard(Job job) {
        running.incrementAndGet();
        try {
            job.work();
        } catch (Throwable e) {
            onError.accept(e);
        } finally {
            if (running.decrementAndGet() == 0) {
                onIdle.run();
            }
        }
    }

    private Runnable guarded(Runnable task) {
        return task instanceof Job ? task : new Guarded(this, task);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return target.schedule(guarded(task));
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
            return worker.schedule(guarded(task));
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
