package io.repowatch.registry;

import io.repowatch.journal.StoredEvent;
import java.util.ArrayList;
import java.util.List;

/** Puts the events of a stream into messages of at most so many bytes; a larger event is alone in its own. Not thread-safe. */
final class Packing {
    private final MessageShape shape;
    private final int messageBytes;
    private final List<StoredEvent> events = new ArrayList<>();
    private int bytes;

    Packing(MessageShape shape, int messageBytes) {
        this.shape = shape;
        this.messageBytes = messageBytes;
        this.bytes = shape.headerSize();
    }

    /** Takes the next events; returns the messages that are full. */
    List<byte[]> add(List<StoredEvent> page) {
        List<byte[]> full = new ArrayList<>();
        for (StoredEvent event : page) {
            int size = shape.size(event);
            if (!events.isEmpty() && bytes + size > messageBytes) {
                full.add(take());
            }
            events.add(event);
            bytes += size;
        }
        return full;
    }

    /** What is left at the end: one message or none. */
    List<byte[]> rest() {
        return events.isEmpty() ? List.of() : List.of(take());
    }

    private byte[] take() {
        byte[] message = shape.message(events, bytes);
        events.clear();
        bytes = shape.headerSize();
        return message;
    }
}
