package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import java.util.UUID;

/** A transaction about a move: of a registry, a repo of it and a durable workflow of that. Emits a version. */
abstract class MoveTransaction implements Transaction<Vid> {
    private static final String LOOKUP_PREFIX = "workflow error: ";

    final AggregateRef<RegistryState, RegistryEvent> registry;
    final AggregateRef<RepoState, RepoEvent> repo;
    final AggregateRef<MoveState, WorkflowEvent> workflow;

    MoveTransaction(AggregateRef<RegistryState, RegistryEvent> registry, UUID repo, UUID workflow) {
        this.registry = registry;
        this.repo = AggregateRef.repo(repo);
        this.workflow = MoveAggregate.ref(workflow);
    }

    @Override
    public List<AggregateRef<?, ?>> needs() {
        return List.of(repo, workflow);
    }

    UUID repoId() {
        return repo.entity();
    }

    UUID workflowId() {
        return workflow.entity();
    }

    /** The move, which has to have begun and to be the repo's. */
    final MoveState begun(UnitOfWork unit) {
        MoveState move = unit.state(workflow);
        if (move == MoveState.None.NONE) {
            throw uninitialized();
        }
        if (!move.repo().equals(repoId())) {
            throw WireFields.rejected(Status.Code.PERMISSION_DENIED, "repo does not own workflow");
        }
        return move;
    }

    static RuntimeException uninitialized() {
        return WireFields.rejected(Status.Code.NOT_FOUND, LOOKUP_PREFIX + MoveAggregate.UNINITIALIZED);
    }
}
