package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.journal.JournalException;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.WorkflowEvent;
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
        return Flux.defer(() -> {
            String name = readableRegistry(principal, in.getRegistry());
            return streams.open(new EventStream.Request(
                    Category.REGISTRY.stream(EntityIds.registry(name)),
                    WireFields.after(in.getAfter()),
                    in.getWatch(),
                    MessageShape.registry(name),
                    REGISTRY_PREFIX,
                    null));
        });
    }

    Flux<byte[]> repoEvents(Principal principal, RepoEventsI in) {
        return Flux.defer(() -> {
            UUID repo = WireFields.repo(in.getRepo());
            Vid after = WireFields.after(in.getAfter());
            return repos.authorized(principal, repo)
                    .flatMapMany(snapshot -> streams.open(new EventStream.Request(
                            Category.REPO.stream(repo),
                            after,
                            in.getWatch(),
                            MessageShape.repo(in.getRepo()),
                            REPO_PREFIX,
                            null)));
        });
    }

    Flux<byte[]> repoWorkflowEvents(Principal principal, RepoWorkflowEventsI in) {
        return Flux.defer(() -> {
            UUID repo = WireFields.repo(in.getRepo());
            UUID workflow = WireFields.workflow(in.getWorkflow());
            Vid after = WireFields.after(in.getAfter());
            return repos.authorized(principal, repo)
                    .flatMapMany(snapshot -> streams.open(new EventStream.Request(
                            Category.WORKFLOW.stream(workflow),
                            after,
                            in.getWatch(),
                            MessageShape.repoWorkflow(in.getRepo(), in.getWorkflow()),
                            WORKFLOW_PREFIX,
                            first -> requireOwner(repo, first))));
        });
    }

    private static void requireOwner(UUID repo, StoredEvent first) {
        if (!WireFields.stored(workflowEvent(first).getRepoId()).equals(repo)) {
            throw WireFields.rejected(Status.Code.PERMISSION_DENIED, "repo does not own workflow");
        }
    }

    Flux<byte[]> indexEvents(Principal principal, RegistryWorkflowIndexEventsI in) {
        return Flux.defer(() -> {
            String name = readableRegistry(principal, in.getRegistry());
            Vid after = WireFields.after(in.getAfter());
            // Who begins at the start begins with the newest snapshot; what is before it, nobody needs.
            return (after.isEpoch() ? ephemeral.indexStart(name) : Mono.just(after))
                    .flatMapMany(start -> streams.open(new EventStream.Request(
                            Category.EPHEMERAL_WORKFLOW.stream(EntityIds.workflowIndex(name)),
                            start,
                            in.getWatch(),
                            MessageShape.index(name),
                            WORKFLOW_PREFIX,
                            null)));
        });
    }

    Flux<byte[]> registryWorkflowEvents(Principal principal, RegistryWorkflowEventsI in) {
        return Flux.defer(() -> {
            String name = readableRegistry(principal, in.getRegistry());
            UUID workflow = WireFields.workflow(in.getWorkflow());
            return streams.open(new EventStream.Request(
                    Category.EPHEMERAL_WORKFLOW.stream(workflow),
                    WireFields.after(in.getAfter()),
                    in.getWatch(),
                    MessageShape.registryWorkflow(name, in.getWorkflow()),
                    WORKFLOW_PREFIX,
                    first -> requireReadable(principal, name, workflowEvent(first))));
        });
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
