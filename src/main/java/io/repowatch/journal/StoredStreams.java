package io.repowatch.journal;

import io.repowatch.id.Vid;

/** The streams of a store, looked up there each time: what is known in memory does not grow with their number. */
final class StoredStreams implements Streams {
    private final RocksStore store;

    StoredStreams(RocksStore store) {
        this.store = store;
    }

    @Override
    public Tail tail(StreamId stream) {
        byte[] key = StoreKeys.tail(stream);
        byte[] value = store.get(key);
        return value == null ? Tail.EMPTY : StoreRecords.tail(key, value);
    }

    @Override
    public boolean holds(StreamId stream, Vid id) {
        return store.get(StoreKeys.place(stream, id)) != null;
    }

    /**
     * The place behind an event.
     *
     * @throws UnknownPositionException if the stream does not hold it
     */
    long placeAfter(StreamId stream, Vid id) {
        if (id.isEpoch()) {
            return 0;
        }
        byte[] key = StoreKeys.place(stream, id);
        byte[] value = store.get(key);
        if (value == null) {
            throw UnknownPositionException.of(stream, id);
        }
        return StoreRecords.place(key, value) + 1;
    }
}
