package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A journal that lives in memory and ends with the process: for tests, simulations and trials. Everything is visible, and
 * counts as durable, the moment it is appended. Thread-safe; no method waits for anything but other short calls.
 *
 * <p>Appends are done, and answered, on the subscribing thread; reads are delivered on the thread that requests. Change feeds
 * are served on the scheduler, or without one on the thread that requests or appends, which makes a run with one thread
 * repeatable. After {@link #close()} everything fails with {@link JournalException}.
 */
public final class MemoryJournal implements Journal {
    private static final int PAGE = 64;
    private static final long RECENT_BYTES = 2 << 20;

    private final Map<StreamId, Stream> streams = new HashMap<>();
    private final List<List<Change>> changes = new ArrayList<>();
    private final RecentAppends recent = new RecentAppends(RECENT_BYTES);
    private final ChangeFeed feed;
    private Vid newest = Vid.EPOCH;
    private boolean closed;

    private static final class Stream {
        final List<StoredEvent> events = new ArrayList<>();
        final Map<Vid, Integer> places = new HashMap<>();
    }

    /** A journal whose change feeds are served on the appending and requesting threads. */
    public MemoryJournal() {
        feed = new ChangeFeed(this::changesAfter, this::position, null);
    }

    /** A journal whose change feeds are served on {@code scheduler}, which stays the caller's. */
    public MemoryJournal(Scheduler scheduler) {
        feed = new ChangeFeed(this::changesAfter, this::position, scheduler);
    }

    @Override
    public Mono<Long> append(List<Append> appends) {
        List<Append> parts = List.copyOf(appends);
        return Mono.fromSupplier(() -> store(parts)).doOnNext(position -> feed.announce());
    }

    private synchronized Long store(List<Append> appends) {
        checkOpen();
        Decision decision = Decision.of(appends, new Stored());
        for (Decision.Placed placed : decision.events()) {
            Stream stream = streams.computeIfAbsent(placed.stream(), id -> new Stream());
            stream.places.put(placed.event().id(), stream.events.size());
            stream.events.add(placed.event());
        }
        long position = changes.size() + 1L;
        List<Change> brought = decision.changes(position);
        changes.add(brought);
        recent.put(position, brought, decision.events());
        newest = decision.newest(newest);
        return position;
    }

    private final class Stored implements Streams {
        @Override
        public Tail tail(StreamId id) {
            return end(id);
        }

        @Override
        public boolean holds(StreamId id, Vid event) {
            Stream stream = streams.get(id);
            return stream != null && stream.places.containsKey(event);
        }
    }

    private Tail end(StreamId id) {
        Stream stream = streams.get(id);
        if (stream == null) {
            return Tail.EMPTY;
        }
        int count = stream.events.size();
        return new Tail(stream.events.get(count - 1).id(), count);
    }

    @Override
    public Flux<StoredEvent> read(StreamId stream, Vid after) {
        return Flux.defer(() -> Flux.fromIterable(eventsAfter(stream, after)));
    }

    private synchronized List<StoredEvent> eventsAfter(StreamId id, Vid after) {
        checkOpen();
        Stream stream = streams.get(id);
        if (stream == null) {
            return List.of();
        }
        if (after.isEpoch()) {
            return List.copyOf(stream.events);
        }
        Integer place = stream.places.get(after);
        if (place == null) {
            throw UnknownPositionException.of(id, after);
        }
        return List.copyOf(stream.events.subList(place + 1, stream.events.size()));
    }

    @Override
    public Mono<Vid> tail(StreamId stream) {
        return Mono.fromSupplier(() -> {
            synchronized (this) {
                checkOpen();
                return end(stream).vid();
            }
        });
    }

    @Override
    public Flux<Change> changes(long position) {
        return feed.after(position);
    }

    @Override
    public Flux<Change> changesNow(long position) {
        return feed.now(position);
    }

    @Override
    public List<StoredEvent> brought(Change change) {
        return recent.events(change);
    }

    private synchronized List<Change> changesAfter(long position) {
        List<Change> page = new ArrayList<>();
        for (long next = position; next < changes.size() && page.size() < PAGE; next++) {
            page.addAll(changes.get((int) next));
        }
        return page;
    }

    @Override
    public synchronized long position() {
        return changes.size();
    }

    @Override
    public synchronized Vid newest() {
        return newest;
    }

    @Override
    public Flux<StreamId> streams(byte category) {
        return Flux.defer(() -> Flux.fromIterable(streamsOf(category)));
    }

    private synchronized List<StreamId> streamsOf(byte category) {
        checkOpen();
        return streams.keySet().stream().filter(id -> id.category() == category).toList();
    }

    private synchronized void checkOpen() {
        if (closed) {
            throw JournalException.closed();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        feed.close();
    }
}
