package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.registry.MoveState.MoveShadow;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/** The commands of a move of a shadow (registry specification §3.5), and aborting it, which is ours. */
final class MoveShadowCommands {
    private MoveShadowCommands() {}

    /** A command for a move that has begun. */
    interface OfMoveShadow extends Command<MoveState, WorkflowEvent> {
        Decision<WorkflowEvent> decideBegun(MoveShadow move);

        @Override
        default Decision<WorkflowEvent> decide(MoveState state) {
            if (state instanceof MoveShadow move) {
                return decideBegun(move);
            }
            return state == MoveState.None.NONE
                    ? Decision.notFound(MoveAggregate.UNINITIALIZED)
                    : Decision.failedPrecondition("the workflow is not a move of a shadow");
        }
    }

    /** Begins it. */
    record Init(UUID repo, Vid repoEvent) implements Command<MoveState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(MoveState state) {
            if (state instanceof MoveShadow move) {
                if (move.disabled() != null) {
                    return Decision.failedPrecondition("workflow conflict");
                }
                return move.repo().equals(repo) && move.repoEvent().equals(repoEvent)
                        ? Decision.nothing()
                        : Decision.alreadyExists(MoveRepoCommands.INIT_CONFLICT);
            }
            if (state != MoveState.None.NONE) {
                return Decision.alreadyExists(MoveRepoCommands.INIT_CONFLICT);
            }
            return Decision.event(MoveRepoCommands.event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                    .setRepoId(WireFields.bytes(repo))
                    .setRepoEventId(WireFields.bytes(repoEvent))
                    .build());
        }
    }

    /** The host does not use the shadow any more. */
    record Disable() implements OfMoveShadow {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveShadow move) {
            if (move.disabled() != null) {
                return Decision.nothing();
            }
            return move.moved()
                    ? Decision.failedPrecondition(MoveRepoCommands.COMPLETED)
                    : Decision.event(MoveRepoCommands.event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED)
                            .build());
        }
    }

    /** The shadow is at its new place. */
    record Commit() implements OfMoveShadow {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveShadow move) {
            if (move.end() != null) {
                return Decision.failedPrecondition(MoveRepoCommands.TERMINATED);
            }
            if (move.moved()) {
                return Decision.nothing();
            }
            return move.disabled() == null
                    ? Decision.failedPrecondition(MoveRepoCommands.NOT_DISABLED)
                    : Decision.event(moved(move));
        }
    }

    /** The shadow stays where it is. */
    record Stay() implements OfMoveShadow {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveShadow move) {
            return move.moved() ? Decision.failedPrecondition(MoveRepoCommands.COMPLETED) : Decision.event(moved(move));
        }
    }

    private static WorkflowEvent moved(MoveShadow move) {
        return MoveRepoCommands.event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVED)
                .setRepoId(WireFields.bytes(move.repo()))
                .build();
    }

    /** The repo knows that it has moved; {@code aborted} says why it was not to. */
    record Exit(Abortion aborted) implements OfMoveShadow {
        @Override
        public Decision<WorkflowEvent> decideBegun(MoveShadow move) {
            if (move.end() != null) {
                return Decision.nothing();
            }
            return move.moved()
                    ? Decision.event(
                            aborted.on(MoveRepoCommands.event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_COMMITTED))
                                    .build())
                    : Decision.failedPrecondition(MoveRepoCommands.NOT_MOVED);
        }
    }
}
