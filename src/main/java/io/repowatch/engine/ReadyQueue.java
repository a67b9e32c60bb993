package io.repowatch.engine;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * The activities of one class that wait for a permit, and the permits. Two lanes: <em>woken</em> (there is news, or a retry of
 * one that was live) and <em>bulk</em> (never quiesced, re-check, sweep). Gives each permit to a task that it has moved to
 * {@link Task#RUNNING}, and gets it back when the turn is over. An entry whose task has moved on meanwhile is skipped and not
 * touched.
 *
 * <p>Any thread may offer; one at a time drains, on the Scheduler of the callbacks or where a permit came back.
 */
final class ReadyQueue implements LoudScheduler.Job {
    private static final int BULK_SOURCES = 4;

    final Roster roster = new Roster();

    private final Queue<Task<?>> woken =
            Queues.<Task<?>>unboundedMultiproducer().get();
    private final Queue<Task<?>> retried =
            Queues.<Task<?>>unboundedMultiproducer().get();
    private final Core core;
    private final int shares;

    private volatile boolean open;
    private volatile boolean closed;
    private final AtomicInteger wip = new AtomicInteger();

    /** None before the engine serves. */
    private final AtomicInteger permits = new AtomicInteger();

    /** Position in the cycle of shares, and in the cycle of bulk sources; only the drain touches them. */
    private int share;

    private int bulkSource;

    ReadyQueue(Core core, Settings settings) {
        this.core = core;
        this.shares = settings.wokenShare() + settings.bulkShare();
    }

    /** Has this many permits from now on. */
    void serve(int limit) {
        permits.addAndGet(limit);
        drain();
    }

    /** A permit has come back. */
    void release() {
        permits.incrementAndGet();
        drain();
    }

    /** From now on permits are given. */
    void open() {
        open = true;
        drainLater();
    }

    /** From now on none is. */
    void close() {
        closed = true;
    }

    /** Takes in a new task, which is in {@link Task#READY_BULK}. */
    void enter(Task<?> task) {
        roster.add(task);
        if (task.ended()) {
            // Whoever ended it may have looked before it was in.
            roster.remove(task);
        }
        drainLater();
    }

    /** Takes a task that has just been moved to {@link Task#READY_WOKEN} or, after a failure, {@link Task#READY_BULK}. */
    void offer(Task<?> task, int lane) {
        Queue<Task<?>> queue = lane == Task.READY_WOKEN ? woken : retried;
        if (!queue.offer(task)) {
            throw new IllegalStateException("an unbounded queue refused " + task);
        }
        drainLater();
    }

    /** Whether somebody with news waits for a permit. What has moved on meanwhile may still count. */
    boolean hasWoken() {
        return !woken.isEmpty();
    }

    /** Has every task looked at that has not been read since the last All, once {@link #open} is called. */
    void recheck() {
        roster.recheck.oweAll();
    }

    /** Looks at so many more sleepers. */
    void sweep(int count) {
        roster.sweep.owe(count);
        drainLater();
    }

    /** For those who have brought something: a source's thread, or a user's, shall not be kept dispatching. */
    private void drainLater() {
        if (wip.getAndIncrement() == 0) {
            core.callbacks.schedule(this);
        }
    }

    private void drain() {
        if (wip.getAndIncrement() == 0) {
            work();
        }
    }

    @Override
    public LoudScheduler scheduler() {
        return core.callbacks;
    }

    @Override
    public void work() {
        int missed = 1;
        do {
            try {
                givePermits();
            } catch (Throwable e) {
                core.fail(e);
                return;
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    private void givePermits() {
        while (permits.get() > 0 && open && !closed) {
            Task<?> task = nextTask();
            if (task == null) {
                return;
            }
            permits.decrementAndGet();
            core.turn(task);
        }
    }

    /** The next task that gets a permit: the lane whose share it is, or the other one if that lane is empty. */
    private @Nullable Task<?> nextTask() {
        boolean wokenTurn = core.isWokenTurn(share);
        Task<?> task = wokenTurn ? nextWoken() : nextBulk();
        if (task != null) {
            share = (share + 1) % shares;
            return task;
        }
        return wokenTurn ? nextBulk() : nextWoken();
    }

    private @Nullable Task<?> nextWoken() {
        Task<?> task;
        while ((task = woken.poll()) != null) {
            if (core.claim(task, Task.READY_WOKEN)) {
                return task;
            }
        }
        return null;
    }

    /** The sources of bulk work take turns, so that none of them holds the others up. */
    private @Nullable Task<?> nextBulk() {
        for (int i = 0; i < BULK_SOURCES; i++) {
            int source = bulkSource;
            bulkSource = (source + 1) % BULK_SOURCES;
            Task<?> task = switch (source) {
                case 0 -> nextFresh();
                case 1 -> nextRetried();
                case 2 -> nextRechecked();
                default -> nextSwept();
            };
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    private @Nullable Task<?> nextFresh() {
        Task<?> task;
        while ((task = roster.nextFresh()) != null) {
            if (core.claim(task, Task.READY_BULK)) {
                return task;
            }
        }
        return null;
    }

    private @Nullable Task<?> nextRetried() {
        Task<?> task;
        while ((task = retried.poll()) != null) {
            if (core.claim(task, Task.READY_BULK)) {
                return task;
            }
        }
        return null;
    }

    private @Nullable Task<?> nextRechecked() {
        Task<?> task;
        while ((task = roster.recheck.next()) != null) {
            if (task.lastRecheck == core.rechecks()) {
                // Its last read was opened after the All.
                continue;
            }
            if (core.claimOrMark(task)) {
                return task;
            }
        }
        return null;
    }

    private @Nullable Task<?> nextSwept() {
        Task<?> task;
        while ((task = roster.sweep.next()) != null) {
            if (core.claim(task, Task.SLEEPING)) {
                return task;
            }
        }
        return null;
    }
}
