package io.repowatch.testkit;

import io.repowatch.observer.IndexKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.observer.WorkflowKey.OfRegistry;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * One ping of a registry: makes its events (registry specification §5.3, S11). Immutable; may be shared.
 *
 * @param registry the registry
 * @param workflow the workflow
 */
public record ScriptedPing(String registry, UUID workflow) {

    /** The whole beginning in one append. */
    public Change<?>[] begin() {
        return new Change<?>[] {
            event(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED),
            new Change<>(
                    new IndexKey(registry),
                    Events.indexEvent(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED, workflow))
        };
    }

    /** The answers are counted: no more are taken. */
    public Change<WorkflowEvent> gathered() {
        return event(WorkflowEvent.Type.EV_FSO_SERVER_PINGS_GATHERED);
    }

    /** The ping is over. */
    public Change<?>[] end() {
        return new Change<?>[] {
            event(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMPLETED),
            new Change<>(
                    new IndexKey(registry),
                    Events.indexEvent(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMPLETED, workflow)),
            event(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMMITTED)
        };
    }

    private Change<WorkflowEvent> event(WorkflowEvent.Type type) {
        return new Change<>(new WorkflowKey(new OfRegistry(registry), workflow), Events.workflow(type));
    }
}
