package io.repowatch.testkit;

import io.repowatch.observer.IndexKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.observer.WorkflowKey.OfRegistry;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * One freeze or unfreeze of a repo: makes its events in the streams that an observer reads (registry specification §5.3, S8 and
 * S10). Immutable; may be shared.
 *
 * @param repo the repo
 * @param workflow the workflow
 * @param freeze whether the files become immutable; otherwise they become changeable
 */
public record ScriptedFreeze(ScriptedRepo repo, UUID workflow, boolean freeze) {

    /** The whole beginning in one append. */
    public Change<?>[] begin() {
        return new Change<?>[] {started(), indexStarted(), repoStarted(), filesStarted()};
    }

    /** The whole end in one append; {@code code} 0 is success. */
    public Change<?>[] end(int code) {
        return new Change<?>[] {repoCompleted(code), completed(code), indexCompleted(), committed()};
    }

    /** The workflow begins. */
    public Change<WorkflowEvent> started() {
        return event(Events.storageStarted(freeze, repo.id(), repo.registry(), repo.globalPath()));
    }

    /** The index lists the workflow. */
    public Change<WorkflowEvent> indexStarted() {
        return inIndex(Events.indexStarted(freeze, workflow, repo.globalPath()));
    }

    /** The repo's tier changes. */
    public Change<RepoEvent> repoStarted() {
        return repo.event(Events.repoStorage(
                freeze ? RepoEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2 : RepoEvent.Type.EV_FSO_UNFREEZE_REPO_STARTED_2,
                workflow,
                0));
    }

    /** The registry asks for the files. */
    public Change<WorkflowEvent> filesStarted() {
        return event(Events.workflow(
                freeze
                        ? WorkflowEvent.Type.EV_FSO_FREEZE_REPO_FILES_STARTED
                        : WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_FILES_STARTED));
    }

    /** The files are done, or given up. */
    public Change<WorkflowEvent> filesCompleted(int code, String message) {
        return event(Events.workflowStatus(
                freeze
                        ? WorkflowEvent.Type.EV_FSO_FREEZE_REPO_FILES_COMPLETED
                        : WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_FILES_COMPLETED,
                code,
                message));
    }

    /** The repo's tier changes again. */
    public Change<RepoEvent> repoCompleted(int code) {
        return repo.event(Events.repoStorage(
                freeze
                        ? RepoEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2
                        : RepoEvent.Type.EV_FSO_UNFREEZE_REPO_COMPLETED_2,
                workflow,
                code));
    }

    /** The workflow has succeeded or failed. */
    public Change<WorkflowEvent> completed(int code) {
        return event(Events.workflowStatus(completedType(), code, code == 0 ? "" : "failed"));
    }

    /** The index no longer lists the workflow as active. */
    public Change<WorkflowEvent> indexCompleted() {
        return inIndex(Events.indexEvent(completedType(), workflow));
    }

    private WorkflowEvent.Type completedType() {
        return freeze
                ? WorkflowEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2
                : WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_COMPLETED_2;
    }

    /** The workflow is over. */
    public Change<WorkflowEvent> committed() {
        return event(Events.workflow(
                freeze
                        ? WorkflowEvent.Type.EV_FSO_FREEZE_REPO_COMMITTED
                        : WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_COMMITTED));
    }

    /** Any event of the workflow's stream. */
    public Change<WorkflowEvent> event(WorkflowEvent body) {
        return new Change<>(new WorkflowKey(new OfRegistry(repo.registry()), workflow), body);
    }

    private Change<WorkflowEvent> inIndex(WorkflowEvent body) {
        return new Change<>(new IndexKey(repo.registry()), body);
    }
}
