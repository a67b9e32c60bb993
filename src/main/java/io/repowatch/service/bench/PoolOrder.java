package io.repowatch.service.bench;

import java.util.concurrent.ThreadPoolExecutor;

/** A pool of threads and nothing else at {@link KeyedWork}: each piece of work hands the next one of its key to the pool. */
final class PoolOrder {
    private PoolOrder() {}

    /** Returns how long it takes from the first work to the end of the last. */
    static double seconds(KeyedWork work, int inFlight) throws InterruptedException {
        ThreadPoolExecutor pool = KeyedWork.threads(inFlight);
        try {
            long before = System.nanoTime();
            for (int key = 0; key < work.keys(); key++) {
                submit(pool, work, key, 0);
            }
            work.await(inFlight);
            return (System.nanoTime() - before) / 1e9;
        } finally {
            pool.shutdown();
        }
    }

    private static void submit(ThreadPoolExecutor pool, KeyedWork work, int key, int number) {
        if (number < work.eventsOf(key)) {
            pool.execute(() -> {
                work.run(key, number);
                submit(pool, work, key, number + 1);
            });
        }
    }
}
