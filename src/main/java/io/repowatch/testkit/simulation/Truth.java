package io.repowatch.testkit.simulation;

import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.observer.RepoState;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is on the registry's disk, in words of the domain: what the judges compare everything with. */
final class Truth {
    private final Map<StreamId, Stream> streams = new LinkedHashMap<>();
    private final Map<UUID, RepoState> repos = new LinkedHashMap<>();

    private static final class Stream {
        final List<StoredEvent> events = new ArrayList<>();
        final Map<Vid, Integer> places = new HashMap<>();
    }

    /** Takes what has just become durable. */
    void stored(List<Append> appends) {
        for (Append append : appends) {
            Stream stream = streams.computeIfAbsent(append.stream(), id -> new Stream());
            for (StoredEvent event : append.events()) {
                stream.places.put(event.id(), stream.events.size());
                stream.events.add(event);
                if (append.stream().category() == Streams.REPO) {
                    fold(append.stream().entity(), event);
                }
            }
        }
    }

    private void fold(UUID repo, StoredEvent event) {
        RepoEvent body = Streams.repoEvent(event);
        RepoState before = repos.getOrDefault(repo, RepoState.initial(repo));
        repos.put(repo, before.after(new Event<>(event.id(), null, body)));
    }

    /** Which event of its stream an id names, counted from 1; 0 for the epoch, -1 for one that is not on the disk. */
    int place(StreamId stream, Vid id) {
        if (id.isEpoch()) {
            return 0;
        }
        Stream known = streams.get(stream);
        Integer place = known == null ? null : known.places.get(id);
        return place == null ? -1 : place + 1;
    }

    /** The newest event of a workflow; null if it has not begun. */
    WorkflowEvent.@Nullable Type lastOf(StreamId workflow) {
        List<StoredEvent> events = events(workflow);
        return events.isEmpty()
                ? null
                : Streams.workflowEvent(events.get(events.size() - 1)).getEvent();
    }

    List<StoredEvent> events(StreamId stream) {
        Stream known = streams.get(stream);
        return known == null ? List.of() : known.events;
    }

    /** The streams of a category that have events, in the order of their first one. */
    List<StreamId> streams(byte category) {
        return streams.keySet().stream()
                .filter(stream -> stream.category() == category)
                .toList();
    }

    /** Every repo, in the order of its first event. */
    Map<UUID, RepoState> repos() {
        return repos;
    }

    @Nullable
    RepoState repo(UUID id) {
        return repos.get(id);
    }
}
