package io.repowatch.testkit.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import reactor.core.Disposable;

/**
 * The one thread and its clock: tasks run in the order of the virtual time at which they are due. A task that is due at once
 * comes up to a few microseconds later, by chance, as on a pool of threads, so that different seeds see different orders.
 */
final class VirtualTime {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final int MOST_DELAY_NANOS = 20_000;

    private final PriorityQueue<Task> queue =
            new PriorityQueue<>(Comparator.comparingLong((Task task) -> task.due).thenComparingLong(task -> task.number));
    private final SplittableRandom random;
    private final Consumer<Throwable> onError;
    private long now;
    private long number;
    private long steps;

    VirtualTime(SplittableRandom random, Consumer<Throwable> onError) {
        this.random = random;
        this.onError = onError;
    }

    /** One scheduled piece of work; dropped when its process dies. */
    private static final class Task implements Disposable {
        final long due;
        final long number;
        private final ProcessScheduler process;
        private final Runnable work;
        private boolean disposed;

        Task(long due, long number, ProcessScheduler process, Runnable work) {
            this.due = due;
            this.number = number;
            this.process = process;
            this.work = work;
        }

        void run() {
            if (!disposed && !process.isDead()) {
                disposed = true;
                work.run();
            }
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }

    long nanos() {
        return now;
    }

    /** How many tasks have run. */
    long steps() {
        return steps;
    }

    InstantSource clock() {
        return () -> START.plusNanos(now);
    }

    /** The time at which something that is due at once will run. */
    long soon() {
        return now + random.nextInt(MOST_DELAY_NANOS);
    }

    Disposable schedule(long due, ProcessScheduler process, Runnable work) {
        Task task = new Task(due, number++, process, work);
        queue.add(task);
        return task;
    }

    /** Runs what is due within {@code duration}, at most {@code limit} tasks; false if the limit was reached. */
    boolean run(Duration duration, long limit) {
        long end = now + duration.toNanos();
        long last = steps + limit;
        for (Task task = queue.peek(); task != null && task.due <= end; task = queue.peek()) {
            if (steps >= last) {
                return false;
            }
            queue.poll();
            now = Math.max(now, task.due);
            steps++;
            try {
                task.run();
            } catch (Throwable e) {
                onError.accept(e);
            }
        }
        now = end;
        return true;
    }
}
