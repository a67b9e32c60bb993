package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.repowatch.engine.Event;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.ReactorEphemeralRegistryGrpc;
import io.repowatch.wire.nogfso.ReactorRegistryGrpc;
import io.repowatch.wire.nogfso.ReactorReposGrpc;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsO;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsO;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsO;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;

/** The RPCs that read what is there now, one for each kind of stream. */
final class EventReads {
    private final ReactorRegistryGrpc.ReactorRegistryStub registry;
    private final ReactorReposGrpc.ReactorReposStub repos;
    private final ReactorEphemeralRegistryGrpc.ReactorEphemeralRegistryStub ephemeral;
    private final ClientConfig config;

    EventReads(Channel channel, ClientConfig config) {
        this.registry = Prefetch.of(ReactorRegistryGrpc.newReactorStub(channel), config);
        this.repos = Prefetch.of(ReactorReposGrpc.newReactorStub(channel), config);
        this.ephemeral = Prefetch.of(ReactorEphemeralRegistryGrpc.newReactorStub(channel), config);
        this.config = config;
    }

    Flux<Event<RegistryEvent>> registry(RegistryKey key, Vid after) {
        RegistryEventsI request = RegistryEventsI.newBuilder()
                .setRegistry(key.registry())
                .setAfter(WireIds.position(after))
                .build();
        return events(registry.events(request), RegistryEventsO::getWillBlock, RegistryEventsO::getEventsList)
                .map(event -> event(key, event.getId(), event.getParent(), event));
    }

    Flux<Event<RepoEvent>> repo(RepoKey key, Vid after) {
        RepoEventsI request = RepoEventsI.newBuilder()
                .setRepo(WireIds.bytes(key.repo()))
                .setAfter(WireIds.position(after))
                .build();
        return events(repos.events(request), RepoEventsO::getWillBlock, RepoEventsO::getEventsList)
                .map(event -> event(key, event.getId(), event.getParent(), event));
    }

    Flux<Event<WorkflowEvent>> index(IndexKey key, Vid after) {
        RegistryWorkflowIndexEventsI request = RegistryWorkflowIndexEventsI.newBuilder()
                .setRegistry(key.registry())
                .setAfter(WireIds.position(after))
                .build();
        return events(
                        ephemeral.registryWorkflowIndexEvents(request),
                        RegistryWorkflowIndexEventsO::getWillBlock,
                        RegistryWorkflowIndexEventsO::getEventsList)
                .map(event -> event(key, event.getId(), event.getParent(), event));
    }

    Flux<Event<WorkflowEvent>> workflow(WorkflowKey key, Vid after) {
        Flux<WorkflowEvent> events = key.owner() instanceof WorkflowKey.OfRepo owner
                ? repoWorkflow(owner, key, after)
                : registryWorkflow((WorkflowKey.OfRegistry) key.owner(), key, after);
        return events.map(event -> event(key, event.getId(), event.getParent(), event));
    }

    private Flux<WorkflowEvent> repoWorkflow(WorkflowKey.OfRepo owner, WorkflowKey key, Vid after) {
        RepoWorkflowEventsI request = RepoWorkflowEventsI.newBuilder()
                .setRepo(WireIds.bytes(owner.repo()))
                .setWorkflow(WireIds.bytes(key.workflow()))
                .setAfter(WireIds.position(after))
                .build();
        return events(
                repos.workflowEvents(request), RepoWorkflowEventsO::getWillBlock, RepoWorkflowEventsO::getEventsList);
    }

    private Flux<WorkflowEvent> registryWorkflow(WorkflowKey.OfRegistry owner, WorkflowKey key, Vid after) {
        RegistryWorkflowEventsI request = RegistryWorkflowEventsI.newBuilder()
                .setRegistry(owner.registry())
                .setWorkflow(WireIds.bytes(key.workflow()))
                .setAfter(WireIds.position(after))
                .build();
        return events(
                ephemeral.registryWorkflowEvents(request),
                RegistryWorkflowEventsO::getWillBlock,
                RegistryWorkflowEventsO::getEventsList);
    }

    /**
     * The events of all messages in order. The end of the stream is the end of the read; so is a message that says the server
     * would block now, which means the same and would otherwise let a server that only watches hold a permit for ever.
     */
    private <M, E> Flux<E> events(Flux<M> messages, Predicate<M> caughtUp, Function<M, List<E>> events) {
        return Silence.limited(messages, config.readTimeout(), config.timer())
                .takeUntil(caughtUp)
                .concatMapIterable(events, 1);
    }

    private static <E> Event<E> event(StreamKey<E> stream, ByteString id, ByteString parent, E body) {
        return new Event<>(
                WireIds.vid(id, stream, "an event's id"),
                WireIds.optionalVid(parent, stream, "an event's parent"),
                body);
    }
}
