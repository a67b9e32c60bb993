package io.repowatch.testkit.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.engine.StreamKey;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.AggregateSignal.AggregateType;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/** How the registry's streams are named in its journal, and how their events are read. */
final class Streams {
    static final byte REGISTRY = AggregateType.AT_REGISTRY_VALUE;
    static final byte REPO = AggregateType.AT_REPO_VALUE;
    static final byte WORKFLOW = AggregateType.AT_WORKFLOW_VALUE;
    static final byte EPHEMERAL = AggregateType.AT_EPHEMERAL_WORKFLOW_VALUE;

    private Streams() {}

    static StreamId of(StreamKey<?> key) {
        if (key instanceof RegistryKey) {
            return new StreamId(REGISTRY, key.entity());
        }
        if (key instanceof RepoKey) {
            return new StreamId(REPO, key.entity());
        }
        boolean durable = key instanceof WorkflowKey workflow && workflow.owner() instanceof WorkflowKey.OfRepo;
        return new StreamId(durable ? WORKFLOW : EPHEMERAL, key.entity());
    }

    static StreamId repo(UUID id) {
        return new StreamId(REPO, id);
    }

    /** The stream of a workflow of a repo. */
    static StreamId workflow(UUID id) {
        return new StreamId(WORKFLOW, id);
    }

    static WorkflowEvent workflowEvent(StoredEvent event) {
        try {
            return WorkflowEvent.parseFrom(event.body());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored event of a workflow is not readable", e);
        }
    }

    static RepoEvent repoEvent(StoredEvent event) {
        try {
            return RepoEvent.parseFrom(event.body());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored event of a repo is not readable", e);
        }
    }

    /** What kind of event it is, for a line of the trace. */
    static String type(StreamId stream, StoredEvent event) {
        try {
            return switch (stream.category()) {
                case REGISTRY -> RegistryEvent.parseFrom(event.body()).getEvent().name();
                case REPO -> RepoEvent.parseFrom(event.body()).getEvent().name();
                case WORKFLOW, EPHEMERAL -> WorkflowEvent.parseFrom(event.body()).getEvent().name();
                default -> "event";
            };
        } catch (InvalidProtocolBufferException e) {
            return "unreadable";
        }
    }
}
