package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The state of a ping-registry workflow (registry specification §3.8). Immutable.
 *
 * @param registryId the registry
 * @param started the event it began with
 * @param phase how far it is
 * @param pings the answers so far
 * @param summary what the answers were counted to, null before
 */
record PingState(
        UUID registryId,
        Vid started,
        Phase phase,
        List<Ping> pings,
        @Nullable Ping summary) implements EphemeralState {

    /** How far a workflow is. */
    enum Phase {
        INITIALIZED,
        APPENDING,
        SUMMARIZED,
        COMPLETED,
        TERMINATED
    }

    /** One answer. */
    record Ping(int code, String message, Vid vid) {
        static Ping of(WorkflowEvent event) {
            return new Ping(event.getStatusCode(), event.getStatusMessage(), WireFields.storedVid(event.getId()));
        }
    }

    static PingState started(WorkflowEvent event) {
        return new PingState(
                WireFields.stored(event.getRegistryId()),
                WireFields.storedVid(event.getId()),
                Phase.INITIALIZED,
                List.of(),
                null);
    }

    PingState evolved(WorkflowEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_SERVER_PINGED -> pinged(Ping.of(event));
            case EV_FSO_SERVER_PINGS_GATHERED ->
                new PingState(registryId, started, Phase.SUMMARIZED, pings, Ping.of(event));
            case EV_FSO_PING_REGISTRY_COMPLETED -> in(Phase.COMPLETED);
            case EV_FSO_PING_REGISTRY_COMMITTED -> in(Phase.TERMINATED);
            default -> this;
        };
    }

    private PingState pinged(Ping ping) {
        List<Ping> more = new ArrayList<>(pings);
        more.add(ping);
        return new PingState(registryId, started, Phase.APPENDING, List.copyOf(more), summary);
    }

    private PingState in(Phase next) {
        return new PingState(registryId, started, next, pings, summary);
    }

    /** Whether answers are still counted. */
    boolean gathering() {
        return phase == Phase.INITIALIZED || phase == Phase.APPENDING;
    }

    boolean ended() {
        return phase == Phase.COMPLETED || phase == Phase.TERMINATED;
    }
}
