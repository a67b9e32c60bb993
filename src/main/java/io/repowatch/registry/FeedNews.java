package io.repowatch.registry;

import com.google.protobuf.UnsafeByteOperations;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.v1.EntityNews;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The events that one message of the change feed brings along: of an entity all that its changes have brought, or none, because
 * the journal no longer has them in memory or they are too many.
 */
final class FeedNews {
    private final Journal journal;
    private final int mostBytes;
    private final Map<UUID, List<StoredEvent>> entities = new LinkedHashMap<>();
    private final Set<UUID> leftOut = new HashSet<>();
    private int bytes;

    FeedNews(Journal journal, int mostBytes) {
        this.journal = journal;
        this.mostBytes = mostBytes;
    }

    /** Takes the events of a change, which comes after those before. */
    void add(Change change) {
        UUID entity = change.stream().entity();
        if (mostBytes == 0 || leftOut.contains(entity)) {
            return;
        }
        List<StoredEvent> events = journal.brought(change);
        int more = events.stream().mapToInt(ReadParts::size).sum();
        if (events.isEmpty() || bytes + more > mostBytes) {
            leftOut.add(entity);
            entities.remove(entity);
        } else {
            bytes += more;
            entities.computeIfAbsent(entity, id -> new ArrayList<>()).addAll(events);
        }
    }

    List<EntityNews> message() {
        List<EntityNews> news = new ArrayList<>(entities.size());
        entities.forEach((entity, events) -> {
            EntityNews.Builder one = EntityNews.newBuilder().setEntity(WireFields.bytes(entity));
            events.forEach(event -> one.addEvents(UnsafeByteOperations.unsafeWrap(event.body())));
            news.add(one.build());
        });
        return news;
    }
}
