package io.repowatch.observer;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * The way from the observer to its one subscriber. Takes observations from any thread at once, keeps the newest
 * {@code capacity}, and hands them over on a worker of its own as the subscriber asks for them; what had to be dropped is
 * told as {@link Observation.Lagged} in its place. So a slow subscriber costs memory for {@code capacity} observations and
 * nothing else.
 */
final class ObservationRing implements Observations, Subscription {
    private final int capacity;
    private final CoreSubscriber<? super Observation> subscriber;
    private final Scheduler.Worker worker;
    private final Runnable onCancel;

    private final ArrayDeque<Observation> ring = new ArrayDeque<>();
    private long dropped;
    private boolean done;
    private @Nullable Throwable error;

    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean cancelled;

    ObservationRing(
            int capacity, CoreSubscriber<? super Observation> subscriber, Scheduler.Worker worker, Runnable onCancel) {
        this.capacity = capacity;
        this.subscriber = subscriber;
        this.worker = worker;
        this.onCancel = onCancel;
    }

    @Override
    public void add(Observation observation) {
        synchronized (ring) {
            if (done) {
                return;
            }
            if (ring.size() == capacity) {
                ring.poll();
                dropped++;
            }
            ring.add(observation);
        }
        schedule();
    }

    /** Ends the sequence after what is in the ring. */
    void complete(@Nullable Throwable cause) {
        synchronized (ring) {
            if (done) {
                return;
            }
            done = true;
            error = cause;
        }
        schedule();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            complete(new IllegalArgumentException("a request must be positive, not " + n));
            onCancel.run();
            return;
        }
        requested.accumulateAndGet(n, Operators::addCap);
        schedule();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
        }
        worker.dispose();
        onCancel.run();
    }

    private void schedule() {
        if (pending.getAndIncrement() == 0) {
            try {
                worker.schedule(this::drain);
            } catch (RejectedExecutionException e) {
                // The worker is gone only after the end or a cancel, so there is nobody to tell.
                cancelled = true;
            }
        }
    }

    private void drain() {
        int seen = pending.get();
        do {
            emit();
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }

    private void emit() {
        long limit = requested.get();
        long emitted = 0;
        while (!cancelled && emitted < limit) {
            Observation next = poll();
            if (next == null) {
                break;
            }
            subscriber.onNext(next);
            emitted++;
        }
        if (emitted > 0 && limit != Long.MAX_VALUE) {
            requested.addAndGet(-emitted);
        }
        if (!cancelled && drained()) {
            end();
        }
    }

    private @Nullable Observation poll() {
        synchronized (ring) {
            if (dropped > 0) {
                Observation lagged = new Observation.Lagged(dropped);
                dropped = 0;
                return lagged;
            }
            return ring.poll();
        }
    }

    private boolean drained() {
        synchronized (ring) {
            return done && ring.isEmpty() && dropped == 0;
        }
    }

    private void end() {
        cancelled = true;
        if (error == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(error);
        }
        worker.dispose();
    }
}
