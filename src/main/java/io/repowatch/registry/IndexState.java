package io.repowatch.registry;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of the index of a registry's workflows (registry specification §3.7). Immutable.
 *
 * @param entries the workflows that were not deleted, by id
 * @param events how many events there were since the last snapshot
 * @param beforeSnapshot the version before the newest snapshot, after which a reader may begin; the epoch if there is none
 */
record IndexState(PersistentMap<UUID, IndexEntry> entries, int events, Vid beforeSnapshot) {
    static final IndexState INITIAL = new IndexState(PersistentMap.empty(), 0, Vid.EPOCH);

    @Nullable
    IndexEntry entry(UUID workflow) {
        return entries.get(workflow);
    }

    IndexState with(IndexEntry entry) {
        return counted(entries.put(entry.workflow(), entry));
    }

    IndexState without(UUID workflow) {
        return counted(entries.remove(workflow));
    }

    private IndexState counted(PersistentMap<UUID, IndexEntry> newEntries) {
        return new IndexState(newEntries, events + 1, beforeSnapshot);
    }

    /** A snapshot begins after {@code before}: what is known counts no more. */
    IndexState forgotten(Vid before) {
        return new IndexState(PersistentMap.empty(), events, before);
    }

    /** A snapshot is complete. */
    IndexState renewed() {
        return new IndexState(entries, 0, beforeSnapshot);
    }

    /** The entries by id. */
    List<IndexEntry> list() {
        List<IndexEntry> list = new ArrayList<>(entries.size());
        entries.visitFrom(new UUID(Long.MIN_VALUE, Long.MIN_VALUE), (id, entry) -> list.add(entry));
        return list;
    }
}
