package io.repowatch.journal;

import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Delivers {@link Pages} to one subscriber, as much as it asked for: a page is read only when there is demand for its first
 * element, and at most one page is held. Signals are serial; they come on the scheduler, or without one on the thread that
 * asks or wakes.
 */
final class PagedSubscription<T> implements Subscription, Runnable {
    private final CoreSubscriber<? super T> subscriber;
    private final Pages<T> pages;
    private final @Nullable Scheduler scheduler;
    private final Consumer<PagedSubscription<T>> onEnd;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();
    private volatile boolean done;
    private volatile boolean badRequest;
    private Iterator<T> page = Collections.emptyIterator();

    /** @param onEnd called when the subscription has ended, in whatever way; possibly more than once */
    PagedSubscription(
            CoreSubscriber<? super T> subscriber,
            Pages<T> pages,
            @Nullable Scheduler scheduler,
            Consumer<PagedSubscription<T>> onEnd) {
        this.subscriber = subscriber;
        this.pages = pages;
        this.scheduler = scheduler;
        this.onEnd = onEnd;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            badRequest = true;
        } else {
            requested.accumulateAndGet(n, Operators::addCap);
        }
        schedule();
    }

    @Override
    public void cancel() {
        done = true;
        onEnd.accept(this);
    }

    /** Tells that there may be something new; free of cost for a subscriber that has not asked for more. */
    void wake() {
        if (requested.get() > 0) {
            schedule();
        }
    }

    /** Tells that nothing new will come: the end needs no demand. */
    void end() {
        schedule();
    }

    private void schedule() {
        if (done || work.getAndIncrement() != 0) {
            return;
        }
        if (scheduler == null) {
            run();
            return;
        }
        try {
            scheduler.schedule(this);
        } catch (RejectedExecutionException e) {
            // The count of work stays up, so nobody else can signal at the same time or later.
            refuse(e);
        }
    }

    private void refuse(RejectedExecutionException e) {
        if (pages.finished()) {
            complete();
        } else {
            fail(new JournalException("the scheduler for reads refuses work; is it disposed or full?", e));
        }
    }

    @Override
    public void run() {
        int missed = work.get();
        do {
            try {
                deliver();
            } catch (Throwable e) {
                // A subscriber that throws breaks the rules; the count of work stays up, so it gets nothing more.
                cancel();
                throw e;
            }
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void deliver() {
        long demand = requested.get();
        long sent = 0;
        while (!done) {
            if (badRequest) {
                fail(new IllegalArgumentException("a request must be for at least one element"));
                return;
            }
            // The end before the demand: whoever asked before the end gets what was there before it.
            boolean over = pages.finished();
            if (sent == demand) {
                demand = requested.get();
            }
            if ((!page.hasNext() && !turnPage(over, sent < demand)) || sent == demand) {
                break;
            }
            if (page.hasNext()) {
                subscriber.onNext(page.next());
                sent++;
            }
        }
        if (done) {
            page = Collections.emptyIterator();
        } else if (demand != Long.MAX_VALUE) {
            requested.addAndGet(-sent);
        }
    }

    /**
     * Returns whether to go on.
     *
     * @param over whether the end was known before reading: what came before it is then surely in the page
     */
    private boolean turnPage(boolean over, boolean wanted) {
        if (wanted) {
            try {
                page = pages.next().iterator();
            } catch (RuntimeException e) {
                fail(e);
                return false;
            }
        }
        if (page.hasNext()) {
            return true;
        }
        if (over) {
            complete();
            return false;
        }
        return !wanted || pages.finished();
    }

    private void complete() {
        if (!done) {
            cancel();
            subscriber.onComplete();
        }
    }

    private void fail(RuntimeException e) {
        if (!done) {
            cancel();
            subscriber.onError(e);
        }
    }
}
