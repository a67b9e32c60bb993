package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.journal.UnknownPositionException;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.MainEvent;
import reactor.core.publisher.Flux;

/**
 * The events of a journal in the same process. No wake-up can get lost: they are a cursor over the change feed that starts
 * before {@link Wakeup#ALL} is emitted. Reads the streams named by {@link RegistryKey}, {@link RepoKey}, {@link IndexKey} and
 * {@link WorkflowKey}; does not ask for authorization. Thread-safe; values arrive on the journal's threads.
 */
public final class JournalEventSource implements EventSource {
    private final Journal journal;

    /** Reads from {@code journal}, which stays the caller's and has to stay open. */
    public JournalEventSource(Journal journal) {
        this.journal = journal;
    }

    /**
     * {@link Wakeup#ALL} at once, then the entity of every change, also of those that nobody follows. Completes only when the
     * journal closes; a failing feed is an error. Cold; honours demand without loss.
     */
    @Override
    public Flux<Wakeup> wakeups() {
        return Flux.defer(() -> {
            Flux<Change> changes = journal.changes(journal.position());
            return Flux.concat(
                    Flux.just(Wakeup.ALL),
                    changes.map(change -> Wakeup.of(change.stream().entity())));
        });
    }

    @Override
    public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
        Origin<E> origin = origin(stream);
        return journal.read(origin.stream, after)
                .map(stored -> event(stream, origin, stored))
                .onErrorMap(UnknownPositionException.class, e -> new PositionUnknownException(stream, after));
    }

    private static <E> Event<E> event(StreamKey<E> stream, Origin<E> origin, StoredEvent stored) {
        try {
            return origin.reader.read(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED,
                    "failed to parse protobuf: event " + stored.id() + " of " + stream,
                    e);
        }
    }

    @Override
    public boolean lossless() {
        return true;
    }

    private interface Reader<E> {
        Event<E> read(StoredEvent stored) throws InvalidProtocolBufferException;
    }

    private record Origin<E>(StreamId stream, Reader<E> reader) {}

    /** Each key class fixes the type of its events, which the compiler cannot follow through the interface. */
    @SuppressWarnings("unchecked")
    private static <E> Origin<E> origin(StreamKey<E> key) {
        Object origin;
        if (key instanceof MainKey) {
            origin = new Origin<>(Category.MAIN.stream(key.entity()), JournalEventSource::mainEvent);
        } else if (key instanceof RegistryKey) {
            origin = new Origin<>(Category.REGISTRY.stream(key.entity()), JournalEventSource::registryEvent);
        } else if (key instanceof RepoKey) {
            origin = new Origin<>(Category.REPO.stream(key.entity()), JournalEventSource::repoEvent);
        } else if (key instanceof IndexKey) {
            origin = new Origin<>(Category.EPHEMERAL_WORKFLOW.stream(key.entity()), JournalEventSource::workflowEvent);
        } else if (key instanceof WorkflowKey workflow) {
            Category category =
                    workflow.owner() instanceof WorkflowKey.OfRepo ? Category.WORKFLOW : Category.EPHEMERAL_WORKFLOW;
            origin = new Origin<>(category.stream(key.entity()), JournalEventSource::workflowEvent);
        } else {
            throw new IllegalArgumentException("not a stream of a registry: " + key);
        }
        return (Origin<E>) origin;
    }

    private static Event<MainEvent> mainEvent(StoredEvent stored) throws InvalidProtocolBufferException {
        MainEvent body = MainEvent.parseFrom(stored.body());
        return new Event<>(stored.id(), WireFields.storedVid(body.getParent()), body);
    }

    private static Event<RegistryEvent> registryEvent(StoredEvent stored) throws InvalidProtocolBufferException {
        RegistryEvent body = RegistryEvent.parseFrom(stored.body());
        return new Event<>(stored.id(), WireFields.storedVid(body.getParent()), body);
    }

    private static Event<RepoEvent> repoEvent(StoredEvent stored) throws InvalidProtocolBufferException {
        RepoEvent body = RepoEvent.parseFrom(stored.body());
        return new Event<>(stored.id(), WireFields.storedVid(body.getParent()), body);
    }

    private static Event<WorkflowEvent> workflowEvent(StoredEvent stored) throws InvalidProtocolBufferException {
        WorkflowEvent body = WorkflowEvent.parseFrom(stored.body());
        return new Event<>(stored.id(), WireFields.storedVid(body.getParent()), body);
    }
}
