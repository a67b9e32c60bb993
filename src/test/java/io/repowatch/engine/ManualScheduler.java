package io.repowatch.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Runs what was scheduled when the test says so, in order. What has a delay waits for nothing and runs with the rest. */
final class ManualScheduler implements Scheduler {
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    /** Runs everything, and what that schedules. Also from inside a task: then the others overtake it, as threads may. */
    void runAll() {
        Runnable task;
        while ((task = tasks.poll()) != null) {
            task.run();
        }
    }

    void runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
    }

    @Override
    public Disposable schedule(Runnable task) {
        Disposable.Swap done = Disposables.swap();
        tasks.add(() -> {
            if (!done.isDisposed()) {
                task.run();
            }
        });
        return done;
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return schedule(task);
    }

    @Override
    public Worker createWorker() {
        Disposable.Composite all = Disposables.composite();
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return ManualScheduler.this.schedule(() -> {
                    if (!all.isDisposed()) {
                        task.run();
                    }
                });
            }

            @Override
            public void dispose() {
                all.dispose();
            }

            @Override
            public boolean isDisposed() {
                return all.isDisposed();
            }
        };
    }
}
