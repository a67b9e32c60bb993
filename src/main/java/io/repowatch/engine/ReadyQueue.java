package io.repowatch.engine;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * The activities of one class that wait for a permit, as a Flux whose demand is the permits. Two lanes: <em>woken</em>
 * (there is news, or a retry of one that was live) and <em>bulk</em> (never quiesced, re-check, sweep). Emits tasks that it
 * has moved to {@link Task#RUNNING}. An entry whose task has moved on meanwhile is skipped and not touched.
 *
 * <p>One subscriber. Any thread may offer; one at a time drains, on the Scheduler of the callbacks or where a permit came back.
 */
final class ReadyQueue extends Flux<Task<?>> implements Subscription {
    private static final AtomicLongFieldUpdater<ReadyQueue> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(ReadyQueue.class, "requested");
    private static final int BULK_SOURCES = 4;

    final Roster roster = new Roster();

    private final Queue<Task<?>> woken =
            Queues.<Task<?>>unboundedMultiproducer().get();
    private final Queue<Task<?>> retried =
            Queues.<Task<?>>unboundedMultiproducer().get();
    private final Core core;
    private final int shares;

    private @Nullable CoreSubscriber<? super Task<?>> subscriber;
    private volatile boolean open;
    private volatile boolean closed;
    private final AtomicInteger wip = new AtomicInteger();
    private volatile long requested;

    /** Position in the cycle of shares, and in the cycle of bulk sources; only the drain touches them. */
    private int share;

    private int bulkSource;

    ReadyQueue(Core core, Settings settings) {
        this.core = core;
        this.shares = settings.wokenShare() + settings.bulkShare();
    }

    @Override
    public void subscribe(CoreSubscriber<? super Task<?>> actual) {
        subscriber = actual;
        actual.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        Operators.addCap(REQUESTED, this, n);
        drain();
    }

    @Override
    public void cancel() {
        closed = true;
    }

    /** From now on tasks are emitted. */
    void open() {
        open = true;
        drainLater();
    }

    /** From now on no task is emitted. */
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
            core.callbacks.schedule(this::drainLoop);
        }
    }

    private void drain() {
        if (wip.getAndIncrement() == 0) {
            drainLoop();
        }
    }

    private void drainLoop() {
        int missed = 1;
        do {
            try {
                emit();
            } catch (Throwable e) {
                core.fail(e);
                return;
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    private void emit() {
        CoreSubscriber<? super Task<?>> target = subscriber;
        if (target == null) {
            return;
        }
        long demand = requested;
        long emitted = 0;
        while (emitted < demand && open && !closed) {
            Task<?> task = nextTask();
            if (task == null) {
                break;
            }
            emitted++;
            target.onNext(task);
        }
        if (emitted > 0) {
            Operators.produced(REQUESTED, this, emitted);
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
