package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was appended last, so that those who follow need not read it back from the disk: the changes of the newest appends, and
 * the last events of the streams that got some. Holds durable things only, a bounded number of bytes of them. Thread-safe; no
 * method waits for anything but other short calls.
 */
final class RecentAppends {
    private static final int APPENDS = 1024;
    private static final int STREAM_EVENTS = 64;

    /** What an event costs beside its body, and a stream beside its events. */
    private static final int OVERHEAD = 128;

    private final long mostBytes;
    private final Map<Long, List<Change>> changes = new HashMap<>();

    /** In the order of their last appends. */
    private final LinkedHashMap<StreamId, Recent> streams = new LinkedHashMap<>();

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
            long more = event.bytes();
            events.add(event);
            if (events.size() > STREAM_EVENTS) {
                Placed dropped = events.remove(0);
                before = dropped.event().id();
                positionBefore = dropped.position();
                more -= dropped.bytes();
            }
            bytes += more;
            return more;
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

    /** The changes of all appends after a position, up to another one that was put; null if they are not all here. */
    synchronized @Nullable List<Change> changes(long after, long upTo) {
        if (!changes.containsKey(after + 1)) {
            return null;
        }
        List<Change> page = new ArrayList<>();
        for (long position = after + 1; position <= upTo; position++) {
            page.addAll(changes.get(position));
        }
        return page;
    }

    /** All events of a stream behind one of them; null if they are not all here. */
    synchronized @Nullable List<StoredEvent> events(StreamId stream, Vid after) {
        Recent recent = streams.get(stream);
        if (recent == null) {
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
