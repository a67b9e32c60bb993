package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events to put at the end of one stream.
 *
 * @param stream the stream
 * @param expected the version the stream must have, {@link Vid#EPOCH} for "no event yet", null for any
 * @param events at least one, oldest first
 */
public record Append(StreamId stream, @Nullable Vid expected, List<StoredEvent> events) {
    /** @throws IllegalArgumentException if there are no events */
    public Append {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an append to " + stream + " needs at least one event");
        }
        events = List.copyOf(events);
    }
}
