package io.repowatch.registry;

import io.repowatch.journal.StreamId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states one command loop decides on. Its own aggregate stays; of the others a bounded number is kept, the least recently
 * used go first, but never one with an append on its way: the journal does not show that append yet. Confined to the loop.
 */
final class StateCache {
    private final StreamId own;
    private final int limit;
    private final LinkedHashMap<StreamId, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);

    /** One state: as the journal has it, and as it will be when the appends on their way have arrived. */
    private static final class Slot {
        Snapshot<?> durable;
        Snapshot<?> pending;
        int onTheWay;
        boolean stale;

        Slot(Snapshot<?> snapshot) {
            durable = snapshot;
            pending = snapshot;
        }
    }

    StateCache(StreamId own, int limit) {
        this.own = own;
        this.limit = limit;
    }

    /** The state to decide on; null if it has to be loaded first. */
    @Nullable
    Snapshot<?> pending(StreamId stream) {
        Slot slot = slots.get(stream);
        return slot == null || slot.stale ? null : slot.pending;
    }

    /** What is known to be in the journal, from where loading can go on; null if nothing is known. */
    @Nullable
    Snapshot<?> durable(StreamId stream) {
        Slot slot = slots.get(stream);
        return slot == null ? null : slot.durable;
    }

    /** Takes a state that was loaded while nothing was on its way for it. */
    void loaded(StreamId stream, Snapshot<?> snapshot) {
        slots.put(stream, new Slot(snapshot));
        // Whoever waits for this state must find it, also when all others have appends on their way.
        evict(stream);
    }

    /** Decided: later transactions build on these states. */
    void advance(Map<StreamId, Snapshot<?>> changed) {
        changed.forEach((stream, snapshot) -> {
            Slot slot = slots.computeIfAbsent(stream, id -> new Slot(snapshot));
            slot.pending = snapshot;
            slot.onTheWay++;
        });
    }

    /** The append that leads to these states is durable. */
    void durable(Map<StreamId, Snapshot<?>> changed) {
        arrived(changed, true);
        evict(own);
    }

    /** The append that leads to these states failed; what was decided on them is void. */
    void failed(Map<StreamId, Snapshot<?>> changed) {
        arrived(changed, false);
    }

    private void arrived(Map<StreamId, Snapshot<?>> changed, boolean durable) {
        changed.forEach((stream, snapshot) -> {
            Slot slot = slots.get(stream);
            if (slot != null) {
                slot.onTheWay--;
                if (durable && !slot.stale) {
                    slot.durable = snapshot;
                } else {
                    slot.stale = true;
                }
            }
        });
    }

    /** Forgets whatever cannot be trusted after a failure. Nothing is on its way any more. */
    void recover() {
        slots.entrySet().removeIf(entry -> !entry.getKey().equals(own));
        Slot slot = slots.get(own);
        if (slot != null) {
            slot.stale = true;
        }
    }

    int size() {
        return slots.size();
    }

    private void evict(StreamId kept) {
        Iterator<Map.Entry<StreamId, Slot>> eldest = slots.entrySet().iterator();
        while (slots.size() > limit && eldest.hasNext()) {
            Map.Entry<StreamId, Slot> entry = eldest.next();
            if (entry.getValue().onTheWay == 0
                    && !entry.getKey().equals(own)
                    && !entry.getKey().equals(kept)) {
                eldest.remove();
            }
        }
    }
}
