package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the registry decides about moves (registry specification §3.2). */
final class RegistryMoveCommands {
    private RegistryMoveCommands() {}

    /**
     * Lets a repo move, and reserves the path.
     *
     * @param samePath whether it keeps its path, so that only its directory moves
     * @param idUsed whether the workflow's id names something already
     */
    record AcceptMove(UUID repo, UUID workflow, String path, boolean samePath, boolean idUsed)
            implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(RegistryRepoCommands.UNKNOWN_REPO);
            }
            Rejection rejection = refused(known);
            if (rejection == null) {
                rejection = refusedPath(state, known);
            }
            if (rejection == null) {
                rejection = MoveTiers.refusedRepo(known.tier());
            }
            if (rejection == null) {
                rejection = MoveNeighbours.refused(state, known, path);
            }
            return rejection != null
                    ? Decision.rejected(rejection)
                    : Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED)
                            .setWorkflowId(WireFields.bytes(workflow))
                            .setFsoRepoInfo(named(repo, path))
                            .build());
        }

        private @Nullable Rejection refused(RegistryRepo known) {
            if (!known.confirmed()) {
                return Refusals.precondition("cannot move unconfirmed repo");
            }
            if (!MoveRepoCommands.isId(workflow)) {
                return Refusals.invalid("malformed workflow ID");
            }
            if (known.pendingPath() != null) {
                return Refusals.precondition("workflow conflict");
            }
            if (workflow.equals(known.moveWorkflow())) {
                return Refusals.precondition("workflow ID must not be reused");
            }
            return idUsed ? Refusals.precondition(ClaimedId.USED) : null;
        }

        private @Nullable Rejection refusedPath(RegistryState state, RegistryRepo known) {
            boolean same = known.path().equals(path);
            if (samePath != same) {
                return Refusals.precondition(same ? "unchanged path" : "changed path");
            }
            if (!same && state.isTaken(path)) {
                return Refusals.alreadyExists("repo already initialized at path");
            }
            return state.nearestRoot(path) == null ? Refusals.notFound(RootCommands.UNKNOWN_ROOT) : null;
        }
    }

    /** The repo is at {@code path}: where it was to go, or, after an aborted move, where it was. */
    record CommitMove(UUID repo, UUID workflow, Vid repoEvent, String path) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(RegistryRepoCommands.UNKNOWN_REPO);
            }
            if (!workflow.equals(known.moveWorkflow())) {
                return Decision.failedPrecondition("workflow conflict");
            }
            if (known.pendingPath() == null) {
                return Decision.failedPrecondition("workflow has terminated");
            }
            if (!path.equals(known.pendingPath()) && !path.equals(known.path())) {
                return Decision.failedPrecondition("global path mismatch");
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_REPO_MOVED)
                    .setWorkflowId(WireFields.bytes(workflow))
                    .setRepoEventId(WireFields.bytes(repoEvent))
                    .setFsoRepoInfo(named(repo, path))
                    .build());
        }
    }

    /** Notes that a shadow moves. */
    record NoteShadowMove(UUID repo, UUID workflow, Vid repoEvent) implements RegistryCommand {
        @Override
        public Decision<RegistryEvent> decideInitialized(RegistryState state) {
            RegistryRepo known = state.repo(repo);
            if (known == null) {
                return Decision.notFound(RegistryRepoCommands.UNKNOWN_REPO);
            }
            if (known.lastRepoEvent().equals(repoEvent)) {
                return Decision.failedPrecondition("repeated post");
            }
            return Decision.event(RegistryCommand.event(RegistryEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                    .setRepoId(WireFields.bytes(repo))
                    .setRepoEventId(WireFields.bytes(repoEvent))
                    .setWorkflowId(WireFields.bytes(workflow))
                    .build());
        }
    }

    private static FsoRepoInfo named(UUID repo, String path) {
        return FsoRepoInfo.newBuilder()
                .setId(WireFields.bytes(repo))
                .setGlobalPath(path)
                .build();
    }
}
