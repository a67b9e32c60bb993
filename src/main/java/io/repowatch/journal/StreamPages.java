package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a stream after one of them, up to the end that it has at the first look. No snapshot is held meanwhile: what
 * lies before that end never changes.
 */
final class StreamPages implements Pages<StoredEvent> {
    private static final int RECORDS = 128;
    private static final int BYTES = 256 << 10;

    private final RocksStore store;
    private final StreamId stream;
    private final Vid after;
    private @Nullable Tail end;
    private long next;

    StreamPages(RocksStore store, StreamId stream, Vid after) {
        this.store = store;
        this.stream = stream;
        this.after = after;
    }

    @Override
    public List<StoredEvent> next() {
        Tail last = end;
        if (last == null) {
            last = begin();
        }
        if (next >= last.count()) {
            return List.of();
        }
        List<StoredEvent> events = new ArrayList<>();
        byte[] from = StoreKeys.event(stream, next);
        for (RocksStore.Entry entry : store.scan(from, StoreKeys.event(stream, last.count()), RECORDS, BYTES)) {
            requireNext(entry.key());
            events.add(StoreRecords.event(entry.key(), entry.value()));
            next++;
        }
        if (events.isEmpty()) {
            throw missing(from);
        }
        return events;
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

    private void requireNext(byte[] key) {
        byte[] wanted = StoreKeys.event(stream, next);
        if (!Arrays.equals(key, wanted)) {
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
