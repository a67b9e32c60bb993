package io.repowatch.journal;

import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * The change feeds of a journal. Each subscriber has its own position and is read for when it asks; an announcement carries
 * nothing and only makes those look again who wait. So nothing is buffered, and a feed at rest costs nothing. Thread-safe.
 */
final class ChangeFeed {
    private final ChangeLog log;
    private final LongSupplier newest;
    private final @Nullable Scheduler scheduler;
    // In the order in which they came: a simulation has to be able to repeat what a run has done.
    private final ConcurrentNavigableMap<Long, PagedSubscription<Change>> subscribers = new ConcurrentSkipListMap<>();
    private final AtomicLong number = new AtomicLong();
    private volatile boolean closed;

    /**
     * A feed of a log.
     *
     * @param newest the position at which the log ends now; never decreases, and never blocks
     * @param scheduler where subscribers are served; null for the thread that asks or announces
     */
    ChangeFeed(ChangeLog log, LongSupplier newest, @Nullable Scheduler scheduler) {
        this.log = log;
        this.newest = newest;
        this.scheduler = scheduler;
    }

    /** See {@link Journal#changes}. */
    Flux<Change> after(long position) {
        if (position < 0) {
            return Flux.error(new IllegalArgumentException("a position is not negative: " + position));
        }
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Change> subscriber) {
                open(subscriber, position);
            }
        };
    }

    private void open(CoreSubscriber<? super Change> subscriber, long position) {
        if (closed) {
            Operators.error(subscriber, JournalException.closed());
            return;
        }
        long end = newest.getAsLong();
        if (position > end) {
            Operators.error(subscriber, new PositionBeyondEndException(position, end));
            return;
        }
        long own = number.getAndIncrement();
        PagedSubscription<Change> subscription = new PagedSubscription<>(
                subscriber, new Following(position), scheduler, ended -> subscribers.remove(own));
        subscribers.put(own, subscription);
        subscriber.onSubscribe(subscription);
        if (closed) {
            // It may have come too late for close() to see it.
            subscription.end();
        }
    }

    /** See {@link Journal#changesNow}. */
    Flux<Change> now(long position) {
        if (position < 0) {
            return Flux.error(new IllegalArgumentException("a position is not negative: " + position));
        }
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Change> subscriber) {
                openNow(subscriber, position);
            }
        };
    }

    private void openNow(CoreSubscriber<? super Change> subscriber, long position) {
        long end = newest.getAsLong();
        if (closed) {
            Operators.error(subscriber, JournalException.closed());
        } else if (position > end) {
            Operators.error(subscriber, new PositionBeyondEndException(position, end));
        } else {
            subscriber.onSubscribe(
                    new PagedSubscription<>(subscriber, new Existing(position, end), scheduler, subscription -> {}));
        }
    }

    /** Tells that there are new durable changes. */
    void announce() {
        subscribers.values().forEach(PagedSubscription::wake);
    }

    /** Completes all feeds; changes that exist already are still delivered to those who asked for them, if the log is. */
    void close() {
        closed = true;
        subscribers.values().forEach(PagedSubscription::end);
    }

    /** How many feeds are open. */
    int subscribers() {
        return subscribers.size();
    }

    /** What there is up to an end that stays. */
    private final class Existing implements Pages<Change> {
        private final long end;
        private long position;

        Existing(long position, long end) {
            this.position = position;
            this.end = end;
        }

        @Override
        public List<Change> next() {
            if (position >= end) {
                return List.of();
            }
            List<Change> page = log.after(position).stream()
                    .filter(change -> change.position() <= end)
                    .toList();
            if (page.isEmpty()) {
                // A log that still knows less than its end is closed.
                throw JournalException.closed();
            }
            position = page.get(page.size() - 1).position();
            return page;
        }

        @Override
        public boolean finished() {
            return true;
        }
    }

    private final class Following implements Pages<Change> {
        private long position;

        Following(long position) {
            this.position = position;
        }

        @Override
        public List<Change> next() {
            List<Change> page = log.after(position);
            if (!page.isEmpty()) {
                position = page.get(page.size() - 1).position();
            }
            return page;
        }

        @Override
        public boolean finished() {
            return closed;
        }
    }
}
