package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.engine.Event;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadPart;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * One read of a {@link FeedCall}, towards its subscriber. Holds at most a window of events that the subscriber has not asked
 * for; the server sends more only when half of the window is free again. Signals are serial.
 */
final class FeedRead<E> implements Subscription {
    private static final int QUEUE_PART = 16;

    private final CoreSubscriber<? super Event<E>> subscriber;
    private final StreamKey<E> key;
    private final Vid after;
    private final FeedCall call;
    private final int window;
    private final Queue<Event<E>> queue = Queues.<Event<E>>unbounded(QUEUE_PART).get();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();

    /** How many events the server may still send. */
    private final AtomicInteger credit;

    private volatile boolean cancelled;
    private volatile boolean badRequest;
    private volatile @Nullable Throwable error;
    private volatile boolean done;
    private volatile long since;

    /** Delivered, but not given back to the server as credit; only the drain touches it. */
    private int consumed;

    FeedRead(CoreSubscriber<? super Event<E>> subscriber, StreamKey<E> key, Vid after, FeedCall call, int window) {
        this.subscriber = subscriber;
        this.key = key;
        this.after = after;
        this.call = call;
        this.window = window;
        this.credit = new AtomicInteger(window);
    }

    /** The request that opens it. */
    ReadOpen opening(long id) {
        return ReadOpen.newBuilder()
                .setRead(id)
                .setStream(FeedStreams.named(key))
                .setAfter(WireIds.position(after))
                .setCredit(window)
                .build();
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Takes what the server sent; one thread at a time. Returns whether that was the end. */
    boolean receive(ReadPart part, long now) {
        since = now;
        int count = part.getEventsCount();
        if (credit.addAndGet(-count) < 0) {
            fail(new MalformedDataException("reading " + key + ": the server sends more events than it may"));
            return true;
        }
        try {
            for (ByteString bytes : part.getEventsList()) {
                queue.add(FeedStreams.event(key, bytes));
            }
        } catch (MalformedDataException e) {
            fail(e);
            return true;
        }
        switch (part.getEnd()) {
            case END_MORE -> {}
            case END_CAUGHT_UP -> done = true;
            case END_FAILED, UNRECOGNIZED -> refused(part);
        }
        boolean over = done;
        drain();
        return over;
    }

    private void refused(ReadPart part) {
        Status status = Status.fromCodeValue(part.getCode()).withDescription(part.getError());
        Throwable refusal = status.asRuntimeException();
        if (!RpcFailures.isUnknownStream(refusal)) {
            error = RpcFailures.ofRead(key, after, refusal);
        }
        done = true;
    }

    /** Ends it because the call has ended, or it was silent for too long. */
    void broken(Throwable why) {
        fail(RpcFailures.ofRead(key, after, why));
    }

    private void fail(Throwable why) {
        error = why;
        done = true;
        drain();
    }

    /** Begins to wait for the server. */
    void waits(long now) {
        since = now;
    }

    /** Ends it if the server may send something, but has not for so long; returns whether it did. */
    boolean endIfSilent(long now, long limitNanos) {
        if (done || credit.get() <= 0 || now - since < limitNanos) {
            return false;
        }
        broken(new TimeoutException("nothing came for " + limitNanos / 1_000_000 + " ms"));
        return true;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            badRequest = true;
        } else {
            requested.accumulateAndGet(n, Operators::addCap);
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        call.cancel(this);
        drain();
    }

    private void drain() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            deliver();
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void deliver() {
        if (badRequest && !cancelled) {
            cancelled = true;
            call.cancel(this);
            subscriber.onError(new IllegalArgumentException("a request must be for at least one element"));
        }
        long demand = requested.get();
        long sent = 0;
        while (!cancelled) {
            // The end before the queue: what was received before it is then surely there.
            boolean over = done;
            if (sent == demand) {
                if (over && queue.isEmpty()) {
                    finish();
                }
                break;
            }
            Event<E> event = queue.poll();
            if (event != null) {
                sent++;
                subscriber.onNext(event);
            } else if (over) {
                finish();
                break;
            } else {
                break;
            }
        }
        if (cancelled) {
            queue.clear();
        } else if (sent > 0) {
            produced(sent);
            giveBack((int) sent);
        }
    }

    private void produced(long sent) {
        if (requested.get() != Long.MAX_VALUE) {
            requested.addAndGet(-sent);
        }
    }

    private void finish() {
        cancelled = true;
        Throwable failure = error;
        if (failure != null) {
            subscriber.onError(failure);
        } else {
            subscriber.onComplete();
        }
    }

    private void giveBack(int delivered) {
        consumed += delivered;
        if (consumed >= window / 2 && !done) {
            int events = consumed;
            consumed = 0;
            call.credit(this, events);
        }
    }

    /** More credit is on its way to the server. */
    void credited(int events, long now) {
        if (credit.getAndAdd(events) <= 0) {
            since = now;
        }
    }
}
