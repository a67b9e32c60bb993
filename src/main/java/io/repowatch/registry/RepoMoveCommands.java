package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.registry.RepoState.Move;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoShadowRepoInfo;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the repo aggregate decides about moves (registry specification §3.3). */
final class RepoMoveCommands {
    private static final String CONFLICT = "workflow conflict";
    private static final String REUSED = "workflow ID must not be reused";

    private RepoMoveCommands() {}

    /** What moves of both kinds need: a shadow, an id of their own, and no other move. Null if there is nothing to refuse. */
    private static @Nullable Rejection refused(RepoState state, UUID workflow) {
        if (state.shadowPath().isEmpty()) {
            return Refusals.precondition("missing shadow repo");
        }
        if (!MoveRepoCommands.isId(workflow)) {
            return Refusals.invalid("malformed workflow ID");
        }
        if (state.moving() || state.movingShadow()) {
            return Refusals.precondition(CONFLICT);
        }
        return isLast(state.moveRepo(), workflow) || isLast(state.moveShadow(), workflow)
                ? Refusals.precondition(REUSED)
                : null;
    }

    private static boolean isLast(@Nullable Move move, UUID workflow) {
        return move != null && move.workflow().equals(workflow);
    }

    /** Starts to move the repo to {@code to}, because of {@code registryEvent}. */
    record BeginMoveRepo(Vid registryEvent, UUID workflow, FsoRepoInitInfo to) implements RepoCommands.OfInitialized {
        @Override
        public @Nullable String problem() {
            return null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            Rejection rejection = refused(state, workflow);
            if (rejection == null) {
                rejection = MoveTiers.refusedRepo(state.tier());
            }
            if (rejection == null) {
                rejection = MovePlaces.refused(state.init(), to);
            }
            if (rejection != null) {
                return Decision.rejected(rejection);
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                    .setRegistryEventId(WireFields.bytes(registryEvent))
                    .setWorkflowId(WireFields.bytes(workflow))
                    .setFsoRepoInitInfo(MovePlaces.place(state.init()))
                    .setFsoShadowRepoInfo(MoveRepoCommands.shadow(state.shadowPath()))
                    .setNewFsoRepoInitInfo(to)
                    .build());
        }
    }

    /** The repo is at {@code to}, because of the workflow's {@code workflowEvent}. */
    record CommitMoveRepo(UUID workflow, Vid workflowEvent, FsoRepoInitInfo to, String shadowPath)
            implements RepoCommands.OfInitialized {
        @Override
        public @Nullable String problem() {
            return null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            if (!isLast(state.moveRepo(), workflow)) {
                return Decision.failedPrecondition(CONFLICT);
            }
            if (!state.moving()) {
                return Decision.nothing();
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_REPO_MOVED)
                    .setWorkflowId(WireFields.bytes(workflow))
                    .setWorkflowEventId(WireFields.bytes(workflowEvent))
                    .setFsoRepoInitInfo(to)
                    .setFsoShadowRepoInfo(MoveRepoCommands.shadow(shadowPath))
                    .build());
        }
    }

    /** Starts to move the shadow. */
    record BeginMoveShadow(UUID workflow, String newPath) implements RepoCommands.OfInitialized {
        @Override
        public @Nullable String problem() {
            return MovePlaces.shadowProblem(newPath);
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            Rejection rejection = refused(state, workflow);
            if (rejection != null) {
                return Decision.rejected(rejection);
            }
            if (state.shadowPath().equals(newPath)) {
                return Decision.failedPrecondition("unchanged shadow path");
            }
            Rejection tier = MoveTiers.refusedShadow(state.tier());
            return tier != null
                    ? Decision.rejected(tier)
                    : Decision.event(event(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                            .setWorkflowId(WireFields.bytes(workflow))
                            .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setNewShadowPath(newPath))
                            .build());
        }
    }

    /** The shadow is where it was to go, or stays where it is; because of the workflow's {@code workflowEvent}. */
    record CommitMoveShadow(UUID workflow, Vid workflowEvent, boolean stays) implements RepoCommands.OfInitialized {
        @Override
        public @Nullable String problem() {
            return null;
        }

        @Override
        public Decision<RepoEvent> decideInitialized(RepoState state) {
            Move move = state.moveShadow();
            if (move == null || !isLast(move, workflow)) {
                return Decision.failedPrecondition(CONFLICT);
            }
            if (!move.active()) {
                return Decision.nothing();
            }
            return Decision.event(event(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVED)
                    .setWorkflowId(WireFields.bytes(workflow))
                    .setWorkflowEventId(WireFields.bytes(workflowEvent))
                    .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder()
                            .setNewShadowPath(stays ? state.shadowPath() : move.pendingPath()))
                    .build());
        }
    }

    private static RepoEvent.Builder event(RepoEvent.Type type) {
        return RepoEvent.newBuilder().setEvent(type);
    }
}
