package io.repowatch.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The changes of a store, up to what is durable. */
final class StoredChanges implements ChangeLog {
    private static final int RECORDS = 64;
    private static final int BYTES = 64 << 10;

    private final RocksStore store;
    private final RecentAppends recent;
    private final LongSupplier durable;

    StoredChanges(RocksStore store, RecentAppends recent, LongSupplier durable) {
        this.store = store;
        this.recent = recent;
        this.durable = durable;
    }

    @Override
    public List<Change> after(long position) {
        long last = durable.getAsLong();
        if (position >= last) {
            return List.of();
        }
        List<Change> newest = recent.changes(position, last);
        if (newest != null) {
            return newest;
        }
        List<RocksStore.Entry> entries;
        try {
            entries = store.scan(StoreKeys.change(position + 1), StoreKeys.change(last + 1), RECORDS, BYTES);
        } catch (JournalException e) {
            if (store.isClosed()) {
                return List.of();
            }
            throw e;
        }
        if (entries.isEmpty()) {
            throw missing(position + 1);
        }
        long next = position + 1;
        List<Change> changes = new ArrayList<>();
        for (RocksStore.Entry entry : entries) {
            if (StoreKeys.position(entry.key()) != next) {
                throw missing(next);
            }
            changes.addAll(StoreRecords.changes(entry.key(), entry.value()));
            next++;
        }
        return changes;
    }

    private static JournalException missing(long position) {
        return JournalException.damaged(StoreKeys.describe(StoreKeys.change(position)) + " is missing");
    }
}
