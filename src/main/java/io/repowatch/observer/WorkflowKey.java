package io.repowatch.observer;

import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * The event stream of a workflow.
 *
 * @param owner whose workflow it is, which decides the RPC that reads it
 * @param workflow the workflow's id
 */
public record WorkflowKey(Owner owner, UUID workflow) implements StreamKey<WorkflowEvent> {

    /** Whose workflow it is. */
    public sealed interface Owner {}

    /** A durable workflow of a repo: move, move-shadow. */
    public record OfRepo(UUID repo) implements Owner {}

    /** An ephemeral workflow of a registry: freeze, unfreeze, ping. */
    public record OfRegistry(String registry) implements Owner {}

    @Override
    public UUID entity() {
        return workflow;
    }

    @Override
    public StreamClass streamClass() {
        return StreamClass.GENERAL;
    }
}
