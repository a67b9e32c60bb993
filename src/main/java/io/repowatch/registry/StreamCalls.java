package io.repowatch.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadStream;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The requests that open an event stream; each emits encoded messages. */
final class StreamCalls {
    private static final String READ_REGISTRY = "fso/read-registry";
    private static final String REGISTRY_PREFIX = "journal error: ";
    private static final String REPO_PREFIX = "repo journal error: ";
    private static final String WORKFLOW_PREFIX = "workflow journal error: ";

    private final EventStream streams;
    private final RepoCalls repos;
    private final EphemeralCalls ephemeral;
    private final Authorizer authorizer;

    StreamCalls(EventStream streams, RepoCalls repos, EphemeralCalls ephemeral, Authorizer authorizer) {
        this.streams = streams;
        this.repos = repos;
        this.ephemeral = ephemeral;
        this.authorizer = authorizer;
    }

    Flux<byte[]> registryEvents(Principal principal, RegistryEventsI in) {
        return Flux.defer(() -> streams.open(new EventStream.Request(
                registry(principal, in.getRegistry(), in.getAfter()),
                in.getWatch(),
                MessageShape.registry(in.getRegistry()))));
    }

    private EventStream.Source registry(Principal principal, String registry, ByteString after) {
        String name = readableRegistry(principal, registry);
        return new EventStream.Source(
                Category.REGISTRY.stream(EntityIds.registry(name)), WireFields.after(after), REGISTRY_PREFIX, null);
    }

    Flux<byte[]> repoEvents(Principal principal, RepoEventsI in) {
        return Flux.defer(() -> {
            UUID repo = WireFields.repo(in.getRepo());
            EventStream.Request request =
                    new EventStream.Request(repo(repo, in.getAfter()), in.getWatch(), MessageShape.repo(in.getRepo()));
            return mayRead(principal, repo).thenMany(Flux.defer(() -> streams.open(request)));
        });
    }

    /** Where everybody may read, nobody has to know the path, so the history is not read twice. */
    private Mono<?> mayRead(Principal principal, UUID repo) {
        return authorizer == Authorizer.ALLOW_ALL
                ? repos.journal()
                        .tail(Category.REPO.stream(repo))
                        .filter(tail -> !tail.isEpoch())
                        .switchIfEmpty(Mono.error(CommandLoops::uninitializedRepo))
                : repos.authorized(principal, repo);
    }

    private static EventStream.Source repo(UUID repo, ByteString after) {
        return new EventStream.Source(Category.REPO.stream(repo), WireFields.after(after), REPO_PREFIX, null);
    }

    Flux<byte[]> repoWorkflowEvents(Principal principal, RepoWorkflowEventsI in) {
        return Flux.defer(() -> {
            UUID repo = WireFields.repo(in.getRepo());
            EventStream.Request request = new EventStream.Request(
                    repoWorkflow(repo, in.getWorkflow(), in.getAfter()),
                    in.getWatch(),
                    MessageShape.repoWorkflow(in.getRepo(), in.getWorkflow()));
            return repos.authorized(principal, repo).flatMapMany(snapshot -> streams.open(request));
        });
    }

    private static EventStream.Source repoWorkflow(UUID repo, ByteString workflow, ByteString after) {
        return new EventStream.Source(
                Category.WORKFLOW.stream(WireFields.workflow(workflow)),
                WireFields.after(after),
                WORKFLOW_PREFIX,
                first -> requireOwner(repo, first));
    }

    private static void requireOwner(UUID repo, StoredEvent first) {
        if (!WireFields.stored(workflowEvent(first).getRepoId()).equals(repo)) {
            throw WireFields.rejected(Status.Code.PERMISSION_DENIED, "repo does not own workflow");
        }
    }

    Flux<byte[]> indexEvents(Principal principal, RegistryWorkflowIndexEventsI in) {
        return Flux.defer(() -> {
            EventStream.Source index = index(principal, in.getRegistry(), in.getAfter());
            return fromSnapshot(in.getRegistry(), index)
                    .flatMapMany(source -> streams.open(
                            new EventStream.Request(source, in.getWatch(), MessageShape.index(in.getRegistry()))));
        });
    }

    /** Who begins at the start begins with the newest snapshot; what is before it, nobody needs. */
    private Mono<EventStream.Source> fromSnapshot(String registry, EventStream.Source index) {
        return index.after().isEpoch() ? ephemeral.indexStart(registry).map(index::withAfter) : Mono.just(index);
    }

    private EventStream.Source index(Principal principal, String registry, ByteString after) {
        String name = readableRegistry(principal, registry);
        return new EventStream.Source(
                Category.EPHEMERAL_WORKFLOW.stream(EntityIds.workflowIndex(name)),
                WireFields.after(after),
                WORKFLOW_PREFIX,
                null);
    }

    Flux<byte[]> registryWorkflowEvents(Principal principal, RegistryWorkflowEventsI in) {
        return Flux.defer(() -> streams.open(new EventStream.Request(
                registryWorkflow(principal, in.getRegistry(), in.getWorkflow(), in.getAfter()),
                in.getWatch(),
                MessageShape.registryWorkflow(in.getRegistry(), in.getWorkflow()))));
    }

    private EventStream.Source registryWorkflow(
            Principal principal, String registry, ByteString workflow, ByteString after) {
        String name = readableRegistry(principal, registry);
        return new EventStream.Source(
                Category.EPHEMERAL_WORKFLOW.stream(WireFields.workflow(workflow)),
                WireFields.after(after),
                WORKFLOW_PREFIX,
                first -> requireReadable(principal, name, workflowEvent(first)));
    }

    /** The stored events of one read among many, with the checks of the call that it stands for. */
    Flux<StoredEvent> events(Principal principal, ReadOpen in) {
        return Flux.defer(() -> {
            ReadStream stream = in.getStream();
            if (stream.hasRepo()) {
                return ofRepo(principal, stream, in.getAfter());
            }
            if (stream.getIndex()) {
                return fromSnapshot(stream.getRegistry(), index(principal, stream.getRegistry(), in.getAfter()))
                        .flatMapMany(streams::events);
            }
            return streams.events(
                    stream.getWorkflow().isEmpty()
                            ? registry(principal, stream.getRegistry(), in.getAfter())
                            : registryWorkflow(principal, stream.getRegistry(), stream.getWorkflow(), in.getAfter()));
        });
    }

    private Flux<StoredEvent> ofRepo(Principal principal, ReadStream stream, ByteString after) {
        UUID repo = WireFields.repo(stream.getRepo());
        if (!stream.getWorkflow().isEmpty()) {
            EventStream.Source source = repoWorkflow(repo, stream.getWorkflow(), after);
            return repos.authorized(principal, repo).flatMapMany(snapshot -> streams.events(source));
        }
        EventStream.Source source = repo(repo, after);
        if (authorizer == Authorizer.ALLOW_ALL) {
            // As there, and even the look for the first event is saved.
            Flux<StoredEvent> events = streams.events(source);
            return source.after().isEpoch()
                    ? events.switchIfEmpty(Flux.error(CommandLoops::uninitializedRepo))
                    : events;
        }
        return repos.authorized(principal, repo).flatMapMany(snapshot -> streams.events(source));
    }

    /** Who may see a workflow of a registry depends on what it works on, which its first event says. */
    private void requireReadable(Principal principal, String registry, WorkflowEvent first) {
        if (!WireFields.stored(first.getRegistryId()).equals(EntityIds.registry(registry))) {
            throw WireFields.rejected(Status.Code.PERMISSION_DENIED, "registry does not own workflow");
        }
        switch (first.getEvent()) {
            case EV_FSO_PING_REGISTRY_STARTED -> {}
            case EV_FSO_DU_ROOT_STARTED, EV_FSO_SPLIT_ROOT_STARTED ->
                checkPath(principal, "fso/read-root", first.getFsoRootInfo().getGlobalRoot());
            case EV_FSO_FREEZE_REPO_STARTED_2,
                    EV_FSO_UNFREEZE_REPO_STARTED_2,
                    EV_FSO_ARCHIVE_REPO_STARTED,
                    EV_FSO_UNARCHIVE_REPO_STARTED ->
                checkPath(principal, "fso/read-repo", first.getFsoRepoInitInfo().getGlobalPath());
            default -> throw WireFields.rejected(Status.Code.PERMISSION_DENIED, "deny access to unknown workflow type");
        }
    }

    private void checkPath(Principal principal, String action, String path) {
        authorizer.check(principal, action, AccessScope.path(WireFields.path("/" + path)));
    }

    private static WorkflowEvent workflowEvent(StoredEvent stored) {
        try {
            return WorkflowEvent.parseFrom(stored.body());
        } catch (InvalidProtocolBufferException e) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED, "failed to parse protobuf: event " + stored.id(), e);
        }
    }

    private String readableRegistry(Principal principal, String registry) {
        String name = WireFields.registryName(registry);
        authorizer.check(principal, READ_REGISTRY, AccessScope.name(name));
        return name;
    }
}
