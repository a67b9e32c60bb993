package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.repowatch.engine.Event;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The events that came with changes and were not asked for yet; a bounded number of bytes, the oldest go first. Of an entity all
 * events since the first of them that changes have told of. Thread-safe.
 */
final class News {
    private static final int OVERHEAD = 128;
    private static final int MOST_EVENTS = 64;

    private final long mostBytes;
    private final LinkedHashMap<UUID, Told> entities = new LinkedHashMap<>();
    private long bytes;

    private static final class Told {
        private final List<ByteString> events = new ArrayList<>();
        private long bytes = OVERHEAD;
    }

    News(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Takes all events, at least one, that changes have brought since the last call for this entity. */
    synchronized void put(UUID entity, List<ByteString> events) {
        Told told = entities.get(entity);
        if (told == null) {
            told = new Told();
            entities.put(entity, told);
            bytes += OVERHEAD;
        }
        for (ByteString event : events) {
            told.events.add(event);
            told.bytes += OVERHEAD + event.size();
            bytes += OVERHEAD + event.size();
        }
        // What nobody asks for; who does in the end, reads.
        while (told.events.size() > MOST_EVENTS) {
            int dropped = OVERHEAD + told.events.remove(0).size();
            told.bytes -= dropped;
            bytes -= dropped;
        }
        Iterator<Told> oldest = entities.values().iterator();
        while (bytes > mostBytes) {
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
    }

    /** There is news of this entity without its events. */
    synchronized void forget(UUID entity) {
        take(entity);
    }

    /** There may be news of everything. */
    synchronized void clear() {
        entities.clear();
        bytes = 0;
    }

    private synchronized @Nullable Told take(UUID entity) {
        Told told = entities.remove(entity);
        if (told != null) {
            bytes -= told.bytes;
        }
        return told;
    }

    /**
     * Takes out the events of a stream that follow one of them; null if that is not certain to be all that changes have told of.
     * Null from the epoch on, too: whether the stream is one that the reader may read, only a read finds out.
     *
     * @throws MalformedDataException if one is not readable
     */
    <E> @Nullable List<Event<E>> takeAfter(StreamKey<E> key, Vid after) {
        Told told = take(key.entity());
        if (told == null || after.isEpoch()) {
            return null;
        }
        List<Event<E>> behind = new ArrayList<>(told.events.size());
        Vid last = null;
        for (ByteString bytes : told.events) {
            Event<E> event = FeedStreams.event(key, bytes);
            if (event.id().equals(after)) {
                behind.clear();
                last = after;
            } else if (after.equals(event.parent()) || (last != null && last.equals(event.parent()))) {
                behind.add(event);
                last = event.id();
            } else if (last != null) {
                return null;
            }
        }
        return last == null ? null : behind;
    }
}
