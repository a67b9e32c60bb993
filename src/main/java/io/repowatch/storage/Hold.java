package io.repowatch.storage;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What keeps a repo's lock: the operation itself and every blocking task it started. A cancelled operation is gone at once,
 * but its task still touches files until it notices; only when both have ended is the lock free. Travels in the subscriber
 * context, so that tasks find it.
 */
final class Hold {
    private final AtomicInteger holders = new AtomicInteger(1);
    private final Runnable release;

    Hold(Runnable release) {
        this.release = release;
    }

    /** A hold without a lock, for work that needs none. */
    static Hold none() {
        return new Hold(() -> {});
    }

    /** False if the lock is free already: the work was cancelled before this task began, so it must not begin. */
    boolean enter() {
        return holders.updateAndGet(count -> count == 0 ? 0 : count + 1) != 0;
    }

    void exit() {
        if (holders.decrementAndGet() == 0) {
            release.run();
        }
    }
}
