package io.repowatch.service.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** How often writers get something done in a time, each beginning anew when its last is done. Blocks. */
final class Pace {
    static final String RATE = "events/s";
    static final String P50 = "p50 ms";
    static final String P99 = "p99 ms";

    private Pace() {}

    /** What does one thing of one writer; may block. */
    interface Work {
        void run() throws Exception;
    }

    /** One thread for each writer; {@code events} are in each thing that is done. */
    static Sample blocking(Duration time, int events, List<? extends Work> writers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(writers.size());
        try {
            long begin = System.nanoTime();
            List<Callable<Times>> tasks = new ArrayList<>();
            for (Work writer : writers) {
                tasks.add(() -> {
                    Times times = new Times();
                    while (System.nanoTime() - begin < time.toNanos()) {
                        long start = System.nanoTime();
                        writer.run();
                        times.add(System.nanoTime() - start);
                    }
                    return times;
                });
            }
            List<Times> all = new ArrayList<>();
            for (Future<Times> done : threads.invokeAll(tasks)) {
                all.add(done.get());
            }
            return sample(System.nanoTime() - begin, events, all);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Writers without threads of their own; {@code next} begins the next thing of one of them. */
    static Sample reactive(Duration time, int writers, IntFunction<CompletableFuture<?>> next)
            throws ExecutionException, InterruptedException {
        long begin = System.nanoTime();
        List<Times> all = new ArrayList<>();
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            Times times = new Times();
            CompletableFuture<Void> end = new CompletableFuture<>();
            all.add(times);
            ends.add(end);
            go(begin, time.toNanos(), writer, next, times, end);
        }
        for (CompletableFuture<Void> end : ends) {
            end.get();
        }
        return sample(System.nanoTime() - begin, 1, all);
    }

    private static void go(
            long begin,
            long nanos,
            int writer,
            IntFunction<CompletableFuture<?>> next,
            Times times,
            CompletableFuture<Void> end) {
        long start = System.nanoTime();
        if (start - begin >= nanos) {
            end.complete(null);
            return;
        }
        var unused = next.apply(writer).whenComplete((value, error) -> {
            if (error != null) {
                end.completeExceptionally(error);
            } else {
                times.add(System.nanoTime() - start);
                go(begin, nanos, writer, next, times, end);
            }
        });
    }

    private static Sample sample(long nanos, int events, List<Times> all) {
        double[] millis = all.stream()
                .flatMapToDouble(
                        times -> Arrays.stream(times.nanos, 0, times.count).mapToDouble(n -> n / 1e6))
                .toArray();
        return Sample.of(RATE, millis.length * (double) events / (nanos / 1e9))
                .and(P50, Report.percentile(millis, 0.5))
                .and(P99, Report.percentile(millis, 0.99));
    }

    /** How long each thing of one writer took; by one thread at a time. */
    private static final class Times {
        private long[] nanos = new long[1024];
        private int count;

        void add(long took) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = took;
        }
    }
}
