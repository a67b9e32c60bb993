package io.repowatch.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsO;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.RepoWorkflowEventsO;
import java.io.IOException;
import java.util.List;

/**
 * How the messages of one event stream look. Stored events are wire bytes already, so a message is put together from bytes:
 * what names the stream, then the events as they are, also those with types and fields that this version does not know.
 */
final class MessageShape {
    private final byte[] header;
    private final int eventsField;
    private final byte[] willBlock;

    private MessageShape(byte[] header, int eventsField, byte[] willBlock) {
        this.header = header;
        this.eventsField = eventsField;
        this.willBlock = willBlock;
    }

    static MessageShape registry(String name) {
        RegistryEventsO header = RegistryEventsO.newBuilder().setRegistry(name).build();
        return new MessageShape(
                header.toByteArray(),
                RegistryEventsO.EVENTS_FIELD_NUMBER,
                header.toBuilder().setWillBlock(true).build().toByteArray());
    }

    static MessageShape repo(ByteString repo) {
        RepoEventsO header = RepoEventsO.newBuilder().setRepo(repo).build();
        return new MessageShape(
                header.toByteArray(),
                RepoEventsO.EVENTS_FIELD_NUMBER,
                header.toBuilder().setWillBlock(true).build().toByteArray());
    }

    static MessageShape repoWorkflow(ByteString repo, ByteString workflow) {
        RepoWorkflowEventsO header = RepoWorkflowEventsO.newBuilder()
                .setRepo(repo)
                .setWorkflow(workflow)
                .build();
        return new MessageShape(
                header.toByteArray(),
                RepoWorkflowEventsO.EVENTS_FIELD_NUMBER,
                header.toBuilder().setWillBlock(true).build().toByteArray());
    }

    static MessageShape index(String registry) {
        RegistryWorkflowIndexEventsO header =
                RegistryWorkflowIndexEventsO.newBuilder().setRegistry(registry).build();
        return new MessageShape(
                header.toByteArray(),
                RegistryWorkflowIndexEventsO.EVENTS_FIELD_NUMBER,
                header.toBuilder().setWillBlock(true).build().toByteArray());
    }

    static MessageShape registryWorkflow(String registry, ByteString workflow) {
        RegistryWorkflowEventsO header = RegistryWorkflowEventsO.newBuilder()
                .setRegistry(registry)
                .setWorkflow(workflow)
                .build();
        return new MessageShape(
                header.toByteArray(),
                RegistryWorkflowEventsO.EVENTS_FIELD_NUMBER,
                header.toBuilder().setWillBlock(true).build().toByteArray());
    }

    /** How many bytes an event takes in a message. */
    int size(StoredEvent event) {
        return CodedOutputStream.computeByteArraySize(eventsField, event.body());
    }

    /** How many bytes a message has besides its events. */
    int headerSize() {
        return header.length;
    }

    /** A message of these events, which has {@code size} bytes with its header. */
    byte[] message(List<StoredEvent> events, int size) {
        byte[] message = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(message);
        try {
            out.writeRawBytes(header);
            for (StoredEvent event : events) {
                out.writeByteArray(eventsField, event.body());
            }
        } catch (IOException e) {
            throw new IllegalStateException("the size was computed wrongly", e);
        }
        return message;
    }

    /** The message that says that no more events are there now. */
    byte[] willBlock() {
        return willBlock;
    }
}
