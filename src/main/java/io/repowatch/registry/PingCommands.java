package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The commands of a ping-registry workflow (registry specification §3.8). */
final class PingCommands {
    static final String PREFIX = "ping-registry workflow: ";

    private PingCommands() {}

    /** Begins the history. */
    record Init(UUID registryId) implements Command<EphemeralState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(EphemeralState state) {
            if (state == EphemeralState.None.NONE) {
                return Decision.event(WorkflowEvent.newBuilder()
                        .setEvent(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED)
                        .setRegistryId(WireFields.bytes(registryId))
                        .build());
            }
            return state instanceof PingState known && known.registryId().equals(registryId)
                    ? Decision.nothing()
                    : Decision.failedPrecondition(PREFIX + "command not idempotent");
        }
    }

    /** A command for a workflow that has begun. */
    private interface OfKnown extends Command<EphemeralState, WorkflowEvent> {
        Decision<WorkflowEvent> decideKnown(PingState state);

        @Override
        default Decision<WorkflowEvent> decide(EphemeralState state) {
            if (state instanceof PingState known) {
                return decideKnown(known);
            }
            return Decision.rejected(missing(state));
        }
    }

    /**
     * Somebody is alive.
     *
     * @param once whether a ping with the same message counts as this one
     */
    record Append(int code, String message, boolean once) implements OfKnown {
        @Override
        public Decision<WorkflowEvent> decideKnown(PingState state) {
            if (once && state.pings().stream().anyMatch(ping -> ping.message().equals(message))) {
                return Decision.nothing();
            }
            return state.gathering()
                    ? Decision.event(status(WorkflowEvent.Type.EV_FSO_SERVER_PINGED, code, message))
                    : conflict();
        }
    }

    /** The answers are counted; whoever comes later is too late. The same summary again is fine. */
    record Summarize(int code, String message) implements OfKnown {
        @Override
        public Decision<WorkflowEvent> decideKnown(PingState state) {
            PingState.@Nullable Ping summary = state.summary();
            if (summary != null && summary.code() == code && summary.message().equals(message)) {
                return Decision.nothing();
            }
            return state.gathering()
                    ? Decision.event(status(WorkflowEvent.Type.EV_FSO_SERVER_PINGS_GATHERED, code, message))
                    : conflict();
        }
    }

    /**
     * The requester has seen the summary.
     *
     * @param expired whether nobody came for it, so that there need not be one
     */
    record Commit(boolean expired) implements OfKnown {
        @Override
        public Decision<WorkflowEvent> decideKnown(PingState state) {
            if (state.ended()) {
                return Decision.nothing();
            }
            return expired || state.phase() == PingState.Phase.SUMMARIZED
                    ? Decision.event(of(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMPLETED))
                    : conflict();
        }
    }

    /** The index knows that it has ended, too. */
    enum End implements OfKnown {
        END;

        @Override
        public Decision<WorkflowEvent> decideKnown(PingState state) {
            return switch (state.phase()) {
                case COMPLETED -> Decision.event(of(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMMITTED));
                case TERMINATED -> Decision.nothing();
                case INITIALIZED, APPENDING, SUMMARIZED -> conflict();
            };
        }
    }

    /** Why there is no such workflow: the id stands for nothing, or for something else. */
    static Rejection missing(EphemeralState state) {
        return state == EphemeralState.None.NONE
                ? new Rejection(Status.Code.NOT_FOUND, PREFIX + "uninitialized")
                : stateConflict();
    }

    private static Decision<WorkflowEvent> conflict() {
        return Decision.rejected(stateConflict());
    }

    private static Rejection stateConflict() {
        return new Rejection(Status.Code.FAILED_PRECONDITION, PREFIX + "command conflicts with aggregate state");
    }

    private static WorkflowEvent of(WorkflowEvent.Type type) {
        return WorkflowEvent.newBuilder().setEvent(type).build();
    }

    private static WorkflowEvent status(WorkflowEvent.Type type, int code, String message) {
        return WorkflowEvent.newBuilder()
                .setEvent(type)
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
    }
}
