package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was appended last, so that those who follow need not read it back from the disk: the changes of the newest appends, and
 * the last events of the streams that got some. Holds durable things only: of events a bounded number of bytes, of changes those of
 * a bounded number of appends. Thread-safe; no method waits for anything but other short calls.
 */
final class RecentAppends {
    private static final int APPENDS = 1024;
    private static final int PAGE_APPENDS = 64;
    private static final int STREAM_EVENTS = 64;

    /** So that what a reader holds of a stream is no more than a page from the store. */
    private static final int STREAM_BYTES = 256 << 10;

    /** What an event costs beside its body, and a stream beside its events. */
    private static final int OVERHEAD = 128;

    private final long mostBytes;
    private final Map<Long, List<Change>> changes = new HashMap<>();

    /** In the order of their last appends. */
    private final LinkedHashMap<StreamId, Recent> streams = new LinkedHashMap<>();

    /** What is being written: the store may show it already. */
    private Set<StreamId> inDoubt = Set.of();

    private long bytes;

    /** The last events of a stream, and what is before them. */
    private static final class Recent {
        private final List<Placed> events = new ArrayList<>();
        private Vid before;
        private long positionBefore;
        private long bytes = OVERHEAD;

        Recent(Vid before) {
            this.before = before;
        }

        /** How many bytes more it has then. */
        long add(Placed event) {
            long was = bytes;
            events.add(event);
            bytes += event.bytes();
            while (events.size() > STREAM_EVENTS || (bytes > STREAM_BYTES && events.size() > 1)) {
                Placed dropped = events.remove(0);
                before = dropped.event().id();
                positionBefore = dropped.position();
                bytes -= dropped.bytes();
            }
            return bytes - was;
        }

        List<StoredEvent> from(int index) {
            return events.subList(index, events.size()).stream()
                    .map(Placed::event)
                    .toList();
        }
    }

    private record Placed(long position, StoredEvent event) {
        int bytes() {
            return OVERHEAD + event.body().length;
        }
    }

    /** @param mostBytes how many bytes to keep at most */
    RecentAppends(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * These streams are about to be appended to. What is here of them counts as less than the store until {@link #end},
     * which never comes if the write fails: who has seen one part of an append there must not miss another one here.
     */
    synchronized void begin(Set<StreamId> written) {
        inDoubt = written;
    }

    /** What was begun is durable and all here. */
    synchronized void end() {
        inDoubt = Set.of();
    }

    /** Takes a durable append, in the order of positions and without a gap. */
    synchronized void put(long position, List<Change> brought, List<Decision.Placed> events) {
        changes.put(position, brought);
        changes.remove(position - APPENDS);
        for (Decision.Placed placed : events) {
            Recent recent = streams.remove(placed.stream());
            if (recent == null) {
                recent = new Recent(placed.before());
                bytes += recent.bytes;
            }
            bytes += recent.add(new Placed(position, placed.event()));
            streams.put(placed.stream(), recent);
        }
        Iterator<Recent> oldest = streams.values().iterator();
        while (bytes > mostBytes) {
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
    }

    /** The changes of the next few appends after a position, up to another one that was put; null if they are not here. */
    synchronized @Nullable List<Change> changes(long after, long upTo) {
        if (!changes.containsKey(after + 1)) {
            return null;
        }
        List<Change> page = new ArrayList<>();
        for (long position = after + 1; position <= Math.min(upTo, after + PAGE_APPENDS); position++) {
            page.addAll(changes.get(position));
        }
        return page;
    }

    /** All events of a stream behind one of them; null if they are not all here. */
    synchronized @Nullable List<StoredEvent> events(StreamId stream, Vid after) {
        Recent recent = streams.get(stream);
        if (recent == null || inDoubt.contains(stream)) {
            return null;
        }
        for (int i = recent.events.size() - 1; i >= 0; i--) {
            if (recent.events.get(i).event().id().equals(after)) {
                return recent.from(i + 1);
            }
        }
        return recent.before.equals(after) ? recent.from(0) : null;
    }

    /** The events that a change has brought; empty if they are not all here. */
    synchronized List<StoredEvent> events(Change change) {
        Recent recent = streams.get(change.stream());
        if (recent == null || recent.positionBefore == change.position()) {
            return List.of();
        }
        return recent.events.stream()
                .filter(placed -> placed.position() == change.position())
                .map(Placed::event)
                .toList();
    }
}
