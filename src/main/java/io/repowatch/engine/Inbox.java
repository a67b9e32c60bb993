package io.repowatch.engine;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * The events of one open read that have not been looked at, and its end. The source puts them in on its threads, whoever
 * {@link #poll}s takes them out, one thread at a time each. Most reads bring one event, so the first needs no queue.
 */
abstract class Inbox<E> implements CoreSubscriber<Event<E>> {
    /** How many events of an open read may be on the way, and after how many of them more are asked for. */
    private static final int PREFETCH = 16;

    private static final int REPLENISH = 12;

    @SuppressWarnings("rawtypes") // there is no class literal of a generic type
    private static final AtomicReferenceFieldUpdater<Inbox, Subscription> READ =
            AtomicReferenceFieldUpdater.newUpdater(Inbox.class, Subscription.class, "read");

    private volatile @Nullable Subscription read;
    private volatile @Nullable Event<E> first;

    /** Those after the first; once it is there, all go through it. */
    private volatile @Nullable Queue<Event<E>> rest;

    private @Nullable Throwable error;
    private volatile boolean ended;

    /** Taken out since more were asked for. */
    private int taken;

    /** Something has come in, or the read has ended. Called on the source's threads. */
    abstract void news();

    @Override
    public final void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(READ, this, subscription)) {
            subscription.request(PREFETCH);
        }
    }

    @Override
    public final void onNext(Event<E> event) {
        if (ended) {
            Operators.onNextDropped(event, currentContext());
        } else if (put(event)) {
            news();
        } else {
            Operators.terminate(READ, this);
            onError(Exceptions.failWithOverflow("the source delivers more events than were asked for"));
        }
    }

    private boolean put(Event<E> event) {
        Queue<Event<E>> queue = rest;
        if (queue == null) {
            if (first == null) {
                first = event;
                return true;
            }
            queue = Queues.<Event<E>>get(PREFETCH).get();
            rest = queue;
        }
        return queue.offer(event);
    }

    @Override
    public final void onError(Throwable failure) {
        if (ended) {
            Operators.onErrorDropped(failure, currentContext());
            return;
        }
        error = failure;
        ended = true;
        news();
    }

    @Override
    public final void onComplete() {
        ended = true;
        news();
    }

    /** Whether nothing comes in any more. Asked before {@link #poll}: then an empty box is empty for good. */
    final boolean isEnded() {
        return ended;
    }

    /** Why the read has ended; null if it has not, or with success. */
    final @Nullable Throwable error() {
        return ended ? error : null;
    }

    /** Takes the next event out; null if there is none at this moment. */
    final @Nullable Event<E> poll() {
        Event<E> event = first;
        if (event != null) {
            first = null;
        } else {
            Queue<Event<E>> queue = rest;
            event = queue == null ? null : queue.poll();
        }
        if (event != null && ++taken == REPLENISH) {
            taken = 0;
            Subscription open = read;
            if (open != null && !ended) {
                open.request(REPLENISH);
            }
        }
        return event;
    }

    /** Closes the read, also one that opens later, unless it has ended. */
    final void close() {
        if (!ended) {
            Operators.terminate(READ, this);
        }
    }
}
