package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one append will store, decided against the streams as they are and before anything of it is written: so an append
 * that conflicts in its last stream has left nothing behind in its first.
 */
final class Decision {
    private final List<Placed> placed = new ArrayList<>();
    private final Map<StreamId, Tail> tails = new LinkedHashMap<>();
    private final Set<EventKey> added = new HashSet<>();

    /** An event, its place in its stream, counted from 0, and the id before it. */
    record Placed(StreamId stream, long index, Vid before, StoredEvent event) {}

    /** An event id is unique in its stream only. */
    record EventKey(StreamId stream, Vid id) {}

    private Decision() {}

    /**
     * Decides an append. The parts are taken in their order, so a stream that is named again has the version that the
     * earlier part gives it.
     *
     * @throws VersionConflictException if a stream does not have the expected version
     * @throws IllegalArgumentException if there is nothing to append, or an event id is the epoch or used already
     */
    static Decision of(List<Append> appends, Streams streams) {
        if (appends.isEmpty()) {
            throw new IllegalArgumentException("an append needs at least one stream");
        }
        Decision decision = new Decision();
        for (Append append : appends) {
            decision.take(append, streams);
        }
        return decision;
    }

    private void take(Append append, Streams streams) {
        StreamId stream = append.stream();
        Tail tail = tails.get(stream);
        if (tail == null) {
            tail = streams.tail(stream);
        }
        Vid expected = append.expected();
        if (expected != null && !expected.equals(tail.vid())) {
            throw new VersionConflictException(
                    "version conflict: stored VID " + tail.vid() + " != expected VID " + expected);
        }
        for (StoredEvent event : append.events()) {
            check(stream, event.id(), streams);
            placed.add(new Placed(stream, tail.count(), tail.vid(), event));
            tail = tail.plus(event.id());
        }
        tails.put(stream, tail);
    }

    private void check(StreamId stream, Vid id, Streams streams) {
        if (id.isEpoch()) {
            throw new IllegalArgumentException("the epoch is no event id (stream " + stream + ")");
        }
        // A second event with the same id would make the place after it ambiguous for every reader.
        if (!added.add(new EventKey(stream, id)) || streams.holds(stream, id)) {
            throw new IllegalArgumentException("event id " + id + " is already used in stream " + stream);
        }
    }

    List<Placed> events() {
        return placed;
    }

    Map<StreamId, Tail> tails() {
        return tails;
    }

    Set<EventKey> added() {
        return added;
    }

    /** One change per stream, in the order in which the append named them first. */
    List<Change> changes(long position) {
        List<Change> changes = new ArrayList<>(tails.size());
        tails.forEach((stream, tail) -> changes.add(new Change(position, stream, tail.vid())));
        return changes;
    }

    /** The greater of {@code newest} and the ids of this append. */
    Vid newest(Vid newest) {
        Vid greatest = newest;
        for (Placed event : placed) {
            Vid id = event.event().id();
            if (isGreater(id, greatest)) {
                greatest = id;
            }
        }
        return greatest;
    }

    /** Whether an id is greater than another one, as unsigned numbers. */
    static boolean isGreater(Vid id, Vid other) {
        int order = Long.compareUnsigned(id.hi(), other.hi());
        return order > 0 || (order == 0 && Long.compareUnsigned(id.lo(), other.lo()) > 0);
    }
}
