package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.journal.Journal;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.AbortReply;
import io.repowatch.wire.v1.AbortRequest;
import io.repowatch.wire.v1.LookupReply;
import io.repowatch.wire.v1.LookupRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The requests about a workflow of any kind. Which kind it is, its first event says. */
final class WorkflowCalls {
    /** As long as the message of an abort can be in the events of a repo (registry specification §3.2.2). */
    private static final int MAX_REASON_BYTES = 150;

    private final Journal journal;
    private final CommandLoops loops;
    private final Map<WorkflowEvent.Type, WorkflowKind> kinds;

    /** @param kinds the kinds by the type of their first event */
    WorkflowCalls(Journal journal, CommandLoops loops, Map<WorkflowEvent.Type, WorkflowKind> kinds) {
        this.journal = journal;
        this.loops = loops;
        this.kinds = kinds;
    }

    Mono<AbortReply> abort(Principal principal, AbortRequest in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.getRegistry());
            UUID workflow = WireFields.workflow(in.getWorkflow());
            Abortion abortion = new Abortion(Abortion.FAILED, reason(in.getReason()), in.getAuthor());
            return loops.registry(name)
                    .flatMap(target -> begun(target, workflow)
                            .flatMap(begun -> kind(begun).abort(principal, target, begun, abortion)))
                    .map(vid -> AbortReply.newBuilder()
                            .setWorkflowVid(WireFields.bytes(vid))
                            .build());
        });
    }

    Mono<LookupReply> lookup(Principal principal, LookupRequest in) {
        return Mono.defer(() -> {
            String name = WireFields.registryName(in.getRegistry());
            UUID workflow = WireFields.workflow(in.getWorkflow());
            return loops.registry(name)
                    .flatMap(target -> begun(target, workflow))
                    .flatMap(begun -> kind(begun).lookup(principal, begun))
                    .map(reply -> reply.setRegistry(name)
                            .setWorkflow(in.getWorkflow())
                            .build());
        });
    }

    private static String reason(String text) {
        if (text.isEmpty()) {
            throw WireFields.invalid("missing reason");
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_REASON_BYTES) {
            throw WireFields.invalid("reason too long: it has " + bytes + " bytes, more than " + MAX_REASON_BYTES);
        }
        return text;
    }

    private WorkflowKind kind(WorkflowKind.Begun begun) {
        WorkflowKind kind = kinds.get(begun.first().getEvent());
        if (kind == null) {
            throw WireFields.rejected(
                    Status.Code.UNIMPLEMENTED,
                    "workflows that begin with " + begun.first().getEvent() + " are not known here");
        }
        return kind;
    }

    /** Emits the workflow, which has to be the registry's. */
    private Mono<WorkflowKind.Begun> begun(CommandLoops.RegistryLoop target, UUID workflow) {
        return Flux.just(Category.WORKFLOW, Category.EPHEMERAL_WORKFLOW)
                .concatMap(category -> first(category, workflow))
                .next()
                .switchIfEmpty(Mono.error(MoveTransaction::uninitialized))
                .flatMap(begun -> target.current().map(registry -> owned(registry.state(), begun)));
    }

    private Mono<WorkflowKind.Begun> first(Category category, UUID workflow) {
        return journal.read(category.stream(workflow), Vid.EPOCH)
                .next()
                .map(stored -> new WorkflowKind.Begun(
                        workflow, Replay.parsed(MoveAggregate.INSTANCE, category.stream(workflow), stored)));
    }

    private static WorkflowKind.Begun owned(RegistryState registry, WorkflowKind.Begun begun) {
        boolean owned = WireFields.stored(begun.first().getRegistryId()).equals(EntityIds.registry(registry.name()))
                || registry.repo(begun.repo()) != null;
        if (!owned) {
            throw WireFields.rejected(Status.Code.PERMISSION_DENIED, "registry does not own workflow");
        }
        return begun;
    }
}
