package io.repowatch.storage;

import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Runs blocking tasks on the injected Scheduler. A cancelled task that has not begun never begins; one that runs is told to stop
 * and is never interrupted, because an interrupt closes files in the middle of a write.
 */
final class BlockingWork {
    private final Scheduler scheduler;

    /** A task that asks from time to time whether it should stop. */
    interface Task<T> {
        T run(BooleanSupplier stopped) throws Exception;
    }

    BlockingWork(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Emits the task's result on the Scheduler. Keeps the repo's lock of the subscriber context until the task has ended. */
    <T> Mono<T> run(Task<T> task) {
        return Mono.deferContextual(context -> {
            Hold hold = context.<Hold>getOrEmpty(Hold.class).orElseGet(Hold::none);
            return Mono.create(sink -> new Job<>(task, hold, sink).submit(scheduler));
        });
    }

    /** Runs a last short task on the Scheduler; here, if that takes none any more, because nobody else would. */
    void later(Runnable task) {
        try {
            scheduler.schedule(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private static final class Job<T> implements Runnable {
        private enum Phase {
            QUEUED,
            RUNNING,
            STOPPED
        }

        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.QUEUED);
        private final Disposable.Swap queued = Disposables.swap();
        private final Task<T> task;
        private final Hold hold;
        private final MonoSink<T> sink;

        Job(Task<T> task, Hold hold, MonoSink<T> sink) {
            this.task = task;
            this.hold = hold;
            this.sink = sink;
        }

        void submit(Scheduler scheduler) {
            if (!hold.enter()) {
                return;
            }
            sink.onCancel(this::cancel);
            try {
                queued.update(scheduler.schedule(this));
            } catch (RejectedExecutionException e) {
                if (phase.compareAndSet(Phase.QUEUED, Phase.STOPPED)) {
                    hold.exit();
                    sink.error(new BusyException("the storage workers are busy or stopped; try again later"));
                }
            }
        }

        private void cancel() {
            if (phase.getAndSet(Phase.STOPPED) == Phase.QUEUED) {
                queued.dispose();
                hold.exit();
            }
        }

        @Override
        public void run() {
            if (!phase.compareAndSet(Phase.QUEUED, Phase.RUNNING)) {
                return;
            }
            Callable<T> result = outcome();
            // First the lock, then the result: whoever gets it may want the lock again.
            hold.exit();
            emit(result);
        }

        private Callable<T> outcome() {
            try {
                T result = task.run(() -> phase.get() == Phase.STOPPED);
                return () -> result;
            } catch (Exception e) {
                return () -> {
                    throw e;
                };
            } catch (Error e) {
                return () -> {
                    throw new IllegalStateException("a storage task broke down: " + e, e);
                };
            }
        }

        private void emit(Callable<T> outcome) {
            if (phase.get() == Phase.STOPPED) {
                return;
            }
            try {
                sink.success(outcome.call());
            } catch (Exception e) {
                sink.error(e);
            }
        }
    }
}
