package io.repowatch.testkit;

import io.repowatch.observer.WorkflowKey;
import io.repowatch.observer.WorkflowKey.OfRepo;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * One move of a repo's shadow: makes its events in both streams that an observer reads (registry specification §5.3, S7).
 * Immutable; may be shared.
 *
 * @param repo the repo
 * @param workflow the move
 */
public record ScriptedShadowMove(ScriptedRepo repo, UUID workflow) {

    /** The whole beginning in one append. */
    public Change<?>[] begin() {
        return new Change<?>[] {started(), workflowStarted()};
    }

    /** What a registry writes when the operator commits, in one append. */
    public Change<?>[] end() {
        return new Change<?>[] {workflowMoved(), moved(), committed()};
    }

    /** The repo knows of the move. */
    public Change<RepoEvent> started() {
        return repo.shadowMoveStarted(workflow);
    }

    /** The workflow begins. */
    public Change<WorkflowEvent> workflowStarted() {
        return event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED);
    }

    /** The repo is disabled. */
    public Change<WorkflowEvent> disabled() {
        return event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED);
    }

    /** The operator has moved the shadow. */
    public Change<WorkflowEvent> workflowMoved() {
        return event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVED);
    }

    /** The repo knows where its shadow is. */
    public Change<RepoEvent> moved() {
        return repo.shadowMoved(workflow);
    }

    /** The workflow is over. */
    public Change<WorkflowEvent> committed() {
        return event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_COMMITTED);
    }

    private Change<WorkflowEvent> event(WorkflowEvent.Type type) {
        return new Change<>(new WorkflowKey(new OfRepo(repo.id()), workflow), Events.workflow(type));
    }
}
