package io.repowatch.journal;

import java.util.ArrayList;
import java.util.List;

/** The streams of a category, in the order of their ids. */
final class StreamIdPages implements Pages<StreamId> {
    private static final int RECORDS = 256;
    private static final int BYTES = 64 << 10;

    private final RocksStore store;
    private final byte category;
    private byte[] from;
    private boolean finished;

    StreamIdPages(RocksStore store, byte category) {
        this.store = store;
        this.category = category;
        this.from = StoreKeys.tails(category);
    }

    @Override
    public List<StreamId> next() {
        List<StreamId> ids = new ArrayList<>();
        for (RocksStore.Entry entry : store.scan(from, StoreKeys.tailsEnd(category), RECORDS, BYTES)) {
            ids.add(StoreKeys.stream(entry.key()));
            from = StoreKeys.after(entry.key());
        }
        finished = ids.isEmpty();
        return ids;
    }

    @Override
    public boolean finished() {
        return finished;
    }
}
