package io.repowatch.observer;

import io.repowatch.observer.IndexRules.Entry;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The workflows of an index that have started and not ended, and concern us. A snapshot takes the place of what was before it when
 * it is whole: a registry that stores it event by event may let the history end in its middle.
 */
final class ActiveWorkflows {
    private Map<UUID, Entry> active = new LinkedHashMap<>();
    private @Nullable Map<UUID, Entry> snapshot;

    void beginSnapshot() {
        snapshot = new LinkedHashMap<>();
    }

    void endSnapshot() {
        if (snapshot != null) {
            active = snapshot;
            snapshot = null;
        }
    }

    /** Whether no snapshot has begun that has not ended. */
    boolean isWhole() {
        return snapshot == null;
    }

    void add(Entry entry) {
        (snapshot == null ? active : snapshot).put(entry.workflow(), entry);
    }

    void remove(UUID workflow) {
        active.remove(workflow);
        if (snapshot != null) {
            snapshot.remove(workflow);
        }
    }

    /** In the order in which they are to be started; with those that only a snapshot names that is not whole yet. */
    List<Entry> inOrder() {
        Map<UUID, Entry> all = new LinkedHashMap<>(active);
        if (snapshot != null) {
            all.putAll(snapshot);
        }
        Collection<Entry> entries = all.values();
        return entries.stream()
                .sorted(Comparator.comparing(entry ->
                        entry.part() == WorkflowPart.PING ? 0 : entry.part().ordinal()))
                .toList();
    }
}
