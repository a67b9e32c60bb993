package io.repowatch.registry;

import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * The workflows of a registry: freeze-repo, unfreeze-repo, ping-registry. One aggregate for all, because nothing but the first
 * event says which of them an id stands for.
 */
enum EphemeralAggregate implements WorkflowEvents<EphemeralState> {
    INSTANCE;

    static AggregateRef<EphemeralState, WorkflowEvent> ref(UUID workflow) {
        return new AggregateRef<>(INSTANCE, workflow);
    }

    /** Empty: what a refusal begins with depends on the kind of workflow, so its commands say it. */
    @Override
    public String errorPrefix() {
        return "";
    }

    @Override
    public EphemeralState initial() {
        return EphemeralState.None.NONE;
    }

    @Override
    public EphemeralState evolve(EphemeralState state, WorkflowEvent event) {
        if (state instanceof FreezeState freeze) {
            return freeze.evolved(event);
        } else if (state instanceof PingState ping) {
            return ping.evolved(event);
        }
        return state == EphemeralState.None.NONE ? begun(event) : state;
    }

    private static EphemeralState begun(WorkflowEvent event) {
        StorageChange change = StorageChange.startedBy(event.getEvent());
        if (change != null) {
            return FreezeState.started(change, event);
        }
        return event.getEvent() == WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED
                ? PingState.started(event)
                : EphemeralState.Other.OTHER;
    }
}
