package io.repowatch.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.engine.Event;
import io.repowatch.engine.StreamKey;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.ReadStream;

/** How the feed names a stream, and what its events are. */
final class FeedStreams {
    private FeedStreams() {}

    /**
     * The stream as requests name it.
     *
     * @throws IllegalArgumentException for another kind of key
     */
    static ReadStream named(StreamKey<?> key) {
        ReadStream.Builder stream = ReadStream.newBuilder();
        if (key instanceof RepoKey repo) {
            return stream.setRepo(WireIds.bytes(repo.repo())).build();
        }
        if (key instanceof RegistryKey registry) {
            return stream.setRegistry(registry.registry()).build();
        }
        if (key instanceof IndexKey index) {
            return stream.setRegistry(index.registry()).setIndex(true).build();
        }
        if (key instanceof WorkflowKey workflow) {
            stream.setWorkflow(WireIds.bytes(workflow.workflow()));
            return workflow.owner() instanceof WorkflowKey.OfRepo owner
                    ? stream.setRepo(WireIds.bytes(owner.repo())).build()
                    : stream.setRegistry(((WorkflowKey.OfRegistry) workflow.owner()).registry())
                            .build();
        }
        throw new IllegalArgumentException("no call reads streams of this kind: " + key);
    }

    /**
     * Decodes an event. Each key fixes the type of its events, which the compiler cannot follow.
     *
     * @throws MalformedDataException if it is not one, or has no proper id
     */
    @SuppressWarnings("unchecked")
    static <E> Event<E> event(StreamKey<E> key, ByteString bytes) {
        try {
            if (key instanceof RepoKey) {
                RepoEvent event = RepoEvent.parseFrom(bytes);
                return (Event<E>) event(key, event.getId(), event.getParent(), event);
            }
            if (key instanceof RegistryKey) {
                RegistryEvent event = RegistryEvent.parseFrom(bytes);
                return (Event<E>) event(key, event.getId(), event.getParent(), event);
            }
            WorkflowEvent event = WorkflowEvent.parseFrom(bytes);
            return (Event<E>) event(key, event.getId(), event.getParent(), event);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedDataException(key + ": an event is not readable: " + e.getMessage());
        }
    }

    private static <B> Event<B> event(StreamKey<?> key, ByteString id, ByteString parent, B body) {
        return new Event<>(
                WireIds.vid(id, key, "an event's id"), WireIds.optionalVid(parent, key, "an event's parent"), body);
    }
}
