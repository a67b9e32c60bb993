package io.repowatch.journal;

import io.repowatch.id.Vid;
import io.repowatch.journal.Decision.EventKey;
import io.repowatch.journal.StoreRecords.Head;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The appends that one sync makes durable. Each is decided against the store and the earlier ones of the group, and has its
 * own position. Used by the writer thread alone.
 */
final class AppendGroup implements Streams, AutoCloseable {
    private final Streams stored;
    private final KnownTails known;
    private final RecentAppends recent;
    private final Map<StreamId, Tail> tails = new HashMap<>();
    private final Set<EventKey> added = new HashSet<>();
    private final WriteBatch batch = new WriteBatch();
    private final List<Decided> decided = new ArrayList<>();
    private Head head;

    private record Decided(List<Change> changes, List<Decision.Placed> events) {}

    AppendGroup(Streams stored, KnownTails known, RecentAppends recent, Head head) {
        this.stored = stored;
        this.known = known;
        this.recent = recent;
        this.head = head;
    }

    @Override
    public Tail tail(StreamId stream) {
        Tail tail = tails.get(stream);
        if (tail == null) {
            tail = known.get(stream);
        }
        return tail == null ? stored.tail(stream) : tail;
    }

    @Override
    public boolean holds(StreamId stream, Vid id) {
        // An id greater than all before it, as nearly every one is, need not be looked up.
        return !Decision.isGreater(id, head.newest())
                && (added.contains(new EventKey(stream, id)) || stored.holds(stream, id));
    }

    /** Takes what was decided with this group as its streams; returns the position. */
    long add(Decision decision) throws RocksDBException {
        head = new Head(head.position() + 1, decision.newest(head.newest()));
        for (Decision.Placed placed : decision.events()) {
            put(placed);
        }
        for (Map.Entry<StreamId, Tail> tail : decision.tails().entrySet()) {
            byte[] key = StoreKeys.tail(tail.getKey());
            batch.put(key, StoreRecords.tail(key, tail.getValue()));
        }
        byte[] key = StoreKeys.change(head.position());
        List<Change> changes = decision.changes(head.position());
        batch.put(key, StoreRecords.changes(key, changes));
        decided.add(new Decided(changes, decision.events()));
        tails.putAll(decision.tails());
        added.addAll(decision.added());
        return head.position();
    }

    private void put(Decision.Placed placed) throws RocksDBException {
        byte[] event = StoreKeys.event(placed.stream(), placed.index());
        batch.put(event, StoreRecords.event(event, placed.event()));
        byte[] place = StoreKeys.place(placed.stream(), placed.event().id());
        batch.put(place, StoreRecords.place(place, placed.index()));
    }

    /** Makes the group durable; returns the head after it. */
    Head write(DurableWrite durable) throws RocksDBException {
        byte[] key = StoreKeys.head();
        batch.put(key, StoreRecords.head(key, head));
        recent.begin(tails.keySet());
        durable.write(batch);
        known.putAll(tails);
        long position = head.position() - decided.size();
        for (Decided append : decided) {
            recent.put(++position, append.changes(), append.events());
        }
        recent.end();
        return head;
    }

    @Override
    public void close() {
        batch.close();
    }
}
