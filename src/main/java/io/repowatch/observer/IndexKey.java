package io.repowatch.observer;

import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * The event stream of a registry's ephemeral workflow index.
 *
 * @param registry the registry's name
 */
public record IndexKey(String registry) implements StreamKey<WorkflowEvent> {
    @Override
    public UUID entity() {
        return EntityIds.workflowIndex(registry);
    }

    @Override
    public StreamClass streamClass() {
        return StreamClass.GENERAL;
    }
}
