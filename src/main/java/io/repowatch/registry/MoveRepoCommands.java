package io.repowatch.registry;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.registry.MoveState.MoveRepo;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoShadowRepoInfo;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/** The commands of a move of a repo (registry specification §3.4), and aborting it, which is ours. */
final class MoveRepoCommands {
    static final String TERMINATED = "workflow terminated";
    static final String COMPLETED = "workflow move completed";
    static final String INIT_CONFLICT = "workflow init conflict";
    static final String NOT_MOVED = "workflow did not complete move";

    /** What existing clients are told while the old host has not let go. */
    static final String NOT_DISABLED = "nogfsostad has yet not disabled the repo";

    private MoveRepoCommands() {}

    /** A command for a move that has begun. */
    interface OfMoveRepo extends Command<MoveState, WorkflowEvent> {
        Decision<WorkflowEvent> decideBegun(MoveRepo move);

        @Override
        default Decision<WorkflowEvent> decide(MoveState state) {
            if (state instanceof MoveRepo move) {
                return decideBegun(move);
            }
            return state == MoveState.None.NONE
                    ? Decision.notFound(MoveAggregate.UNINITIALIZED)
                    : Decision.failedPrecondition("the workflow is not a move of a repo");
        }
    }

    /** Begins it. */
    record Init(UUID repo, Vid repoEvent, FsoRepoInitInfo from, String fromShadow, FsoRepoInitInfo to)
            implements Command<MoveState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(MoveState state) {
            if (state instanceof MoveRepo move) {
                if (move.released() != null || move.accepted() != null) {
                    return Decision.failedPrecondition("workflow state has advanced");
                }
                return move.repo().equals(repo) && move.repoEvent().equals(repoEvent)
                        ? Decision.nothing()
                        : Decision.alreadyExists(INIT_CONFLICT);
            }
            if (state != MoveState.None.NONE) {
                return Decision.alreadyExists(INIT_CONFLICT);
            }
            return Decision.event(event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                    .setRepoId(WireFields.bytes(repo))
                    .setRepoEventId(WireFields.bytes(repoEvent))
                    .setFsoRepoInitInfo(from)
                    .setFsoShadowRepoInfo(shadow(fromShadow))
                    .setNewFsoRepoInitInfo(to)
                    .build());
        }
    }

    /** The application agrees. */
    record Accept() implements OfMoveRepo {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveRepo move) {
            if (move.accepted() != null) {
                return Decision.nothing();
            }
            return move.moved()
                    ? Decision.failedPrecondition(COMPLETED)
                    : Decision.event(event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_APP_ACCEPTED)
                            .build());
        }
    }

    /** The old host has let the repo go. */
    record Release() implements OfMoveRepo {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveRepo move) {
            if (move.released() != null) {
                return Decision.nothing();
            }
            return move.moved()
                    ? Decision.failedPrecondition(COMPLETED)
                    : Decision.event(event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STA_RELEASED)
                            .build());
        }
    }

    /** Data and shadow are at their new place. */
    record Commit(String shadowPath) implements OfMoveRepo {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveRepo move) {
            if (move.end() != null) {
                return Decision.failedPrecondition(TERMINATED);
            }
            if (move.moved()) {
                return Decision.nothing();
            }
            if (move.released() == null || move.accepted() == null) {
                return Decision.failedPrecondition(NOT_DISABLED);
            }
            return Decision.event(moved(move.repo(), move.to(), shadowPath));
        }
    }

    /** The repo stays where it is: it "moves" to its old place, which every reader of the events understands. */
    record Stay() implements OfMoveRepo {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveRepo move) {
            if (move.moved()) {
                return Decision.failedPrecondition(COMPLETED);
            }
            if (move.released() != null) {
                return Decision.failedPrecondition(
                        "the old storage host has let the repo go, so its directories may be on their way; "
                                + "the move has to be completed");
            }
            return Decision.event(moved(move.repo(), move.from(), move.fromShadow()));
        }
    }

    /** Repo and registry know that it has moved; {@code aborted} says why it was not to. */
    record Exit(Abortion aborted) implements OfMoveRepo {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveRepo move) {
            if (move.end() != null) {
                return Decision.nothing();
            }
            return move.moved()
                    ? Decision.event(aborted.on(event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_COMMITTED))
                            .build())
                    : Decision.failedPrecondition(NOT_MOVED);
        }
    }

    private static WorkflowEvent moved(UUID repo, FsoRepoInitInfo to, String shadowPath) {
        return event(WorkflowEvent.Type.EV_FSO_REPO_MOVED)
                .setRepoId(WireFields.bytes(repo))
                .setFsoRepoInitInfo(to)
                .setFsoShadowRepoInfo(shadow(shadowPath))
                .build();
    }

    static FsoShadowRepoInfo shadow(String path) {
        return FsoShadowRepoInfo.newBuilder().setShadowPath(path).build();
    }

    static WorkflowEvent.Builder event(WorkflowEvent.Type type) {
        return WorkflowEvent.newBuilder().setEvent(type);
    }

    /** Whether an id is one; all zero bytes name nothing. */
    static boolean isId(UUID workflow) {
        return !workflow.equals(EntityIds.NIL);
    }
}
