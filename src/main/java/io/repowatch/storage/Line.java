package io.repowatch.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Those who wait for one repo's lock, first come first served. */
final class Line {
    private final Deque<Turn<?>> waiting = new ArrayDeque<>();
    private boolean taken;

    // A released turn starts the next one; without this counter a long line of short turns would recurse.
    private final AtomicInteger pending = new AtomicInteger();

    synchronized boolean offer(Turn<?> turn, int maxWaiting) {
        if (waiting.size() >= maxWaiting) {
            return false;
        }
        waiting.add(turn);
        return true;
    }

    /** Joins only where nobody waits or is at work. */
    synchronized boolean offerIfIdle(Turn<?> turn) {
        return idle() && waiting.add(turn);
    }

    synchronized void leave(Turn<?> turn) {
        waiting.remove(turn);
    }

    synchronized void free() {
        taken = false;
    }

    synchronized boolean idle() {
        return !taken && waiting.isEmpty();
    }

    private synchronized @Nullable Turn<?> next() {
        Turn<?> turn = taken ? null : waiting.poll();
        taken |= turn != null;
        return turn;
    }

    void drain() {
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            Turn<?> turn = next();
            while (turn != null) {
                turn.start();
                turn = next();
            }
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }
}
