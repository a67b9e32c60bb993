package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a stream after one of them, up to the end that it has at the first look. No snapshot is held meanwhile: what
 * lies before that end never changes.
 */
final class StreamPages implements Pages<StoredEvent> {
    private static final int RECORDS = 128;
    private static final int MOST_RECORDS = 2048;
    private static final int BYTES = 256 << 10;

    private final RocksStore store;
    private final RecentAppends recent;
    private final StreamId stream;
    private final Vid after;
    private @Nullable Tail end;
    private long next;

    /** Each page may have twice as many as the last: to begin one costs as much as dozens of events. */
    private int records = RECORDS;

    StreamPages(RocksStore store, RecentAppends recent, StreamId stream, Vid after) {
        this.store = store;
        this.recent = recent;
        this.stream = stream;
        this.after = after;
    }

    @Override
    public List<StoredEvent> next() {
        Tail last = end;
        if (last == null) {
            List<StoredEvent> newest = recent.events(stream, after);
            if (newest != null) {
                return whole(newest);
            }
            last = begin();
        }
        if (next >= last.count()) {
            return List.of();
        }
        int most = (int) Math.min(records, last.count() - next);
        List<StoredEvent> events = new ArrayList<>(most);
        byte[] from = StoreKeys.event(stream, next);
        try {
            store.values(from, records > RECORDS, new Collector(events, most));
        } catch (JournalException e) {
            // What stands there may be whole and another record; only its key tells.
            requireNext(next + events.size());
            throw e;
        }
        if (events.isEmpty()) {
            throw missing(from);
        }
        next += events.size();
        records = Math.min(2 * records, MOST_RECORDS);
        return events;
    }

    private List<StoredEvent> whole(List<StoredEvent> newest) {
        store.requireOpen();
        end = Tail.EMPTY;
        return newest;
    }

    /** Each value's checksum covers its key, so the events are those of the places that they are taken for. */
    private final class Collector implements RocksStore.Values {
        private final List<StoredEvent> events;
        private final int most;
        private final byte[] key = StoreKeys.event(stream, next);
        private int bytes;

        Collector(List<StoredEvent> events, int most) {
            this.events = events;
            this.most = most;
        }

        @Override
        public boolean take(byte[] buffer, int length) {
            StoreKeys.setPlace(key, next + events.size());
            events.add(StoreRecords.event(key, buffer, length));
            bytes += length;
            return events.size() < most && bytes < BYTES;
        }
    }

    private Tail begin() {
        StoredStreams streams = new StoredStreams(store);
        Tail last = streams.tail(stream);
        if (last.count() > 0) {
            next = streams.placeAfter(stream, after);
        }
        end = last;
        return last;
    }

    private void requireNext(long place) {
        byte[] wanted = StoreKeys.event(stream, place);
        if (store.get(wanted) == null) {
            throw missing(wanted);
        }
    }

    private static JournalException missing(byte[] key) {
        return JournalException.damaged(StoreKeys.describe(key) + " is missing");
    }

    @Override
    public boolean finished() {
        Tail last = end;
        return last != null && next >= last.count();
    }
}
