package io.repowatch.service.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Events that belong to keys in turn, each with a piece of work that takes its time. Checks that the events of a key come in order and
 * one at a time, and adds up how long the work has really taken. Thread-safe.
 */
final class KeyedWork {
    /** The longest piece of work. */
    private static final int MAX_MICROS = 5000;

    private static final long SEED = 5;
    private static final long DEADLINE_SECONDS = 120;

    private final int keys;
    private final int[] micros;
    private final AtomicIntegerArray next;
    private final AtomicIntegerArray inside;
    private final LongAdder[] worked;
    private final AtomicInteger atWork = new AtomicInteger();
    private final AtomicInteger mostAtWork = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final CountDownLatch left;

    /** The same work for the same numbers. */
    KeyedWork(int events, int keys) {
        this.keys = keys;
        this.micros = new Random(SEED).ints(events, 0, MAX_MICROS + 1).toArray();
        this.next = new AtomicIntegerArray(keys);
        this.inside = new AtomicIntegerArray(keys);
        this.worked = new LongAdder[keys];
        Arrays.setAll(worked, key -> new LongAdder());
        this.left = new CountDownLatch(events);
    }

    int keys() {
        return keys;
    }

    int events() {
        return micros.length;
    }

    /** How many events a key has. */
    int eventsOf(int key) {
        return (micros.length - key + keys - 1) / keys;
    }

    /** Does the work of an event, on the thread that calls. */
    void run(int key, int number) {
        boolean inOrder = inside.incrementAndGet(key) == 1 && next.get(key) == number;
        mostAtWork.accumulateAndGet(atWork.incrementAndGet(), Math::max);
        long before = System.nanoTime();
        long until = before + TimeUnit.MICROSECONDS.toNanos(micros[number * keys + key]);
        long now = before;
        while (now < until) {
            LockSupport.parkNanos(until - now);
            now = System.nanoTime();
        }
        worked[key].add(now - before);
        atWork.decrementAndGet();
        next.set(key, number + 1);
        if (inside.decrementAndGet(key) != 0 || !inOrder) {
            wrong.incrementAndGet();
        }
        left.countDown();
    }

    /**
     * Waits until all work is done.
     *
     * @throws IllegalStateException if that takes too long, if a key's events came in another order or overlapped, or if more
     *     were at work than {@code inFlight}
     */
    void await(int inFlight) throws InterruptedException {
        if (!left.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(left.getCount() + " events were not handled in time");
        }
        if (wrong.get() > 0) {
            throw new IllegalStateException(wrong + " events of " + keys + " keys came out of order or overlapped");
        }
        if (mostAtWork.get() > inFlight) {
            throw new IllegalStateException(mostAtWork + " events were at work at a time, not " + inFlight);
        }
    }

    /** The least time in which the work can be done, as long as it has taken, with so many at a time; in seconds. */
    double bound(int inFlight) {
        long longest = Arrays.stream(worked).mapToLong(LongAdder::sum).max().orElse(0);
        double total = Arrays.stream(worked).mapToLong(LongAdder::sum).sum();
        return Math.max(longest, total / inFlight) / 1e9;
    }
}
