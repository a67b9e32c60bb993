package io.repowatch.testkit;

import io.repowatch.observer.WorkflowKey;
import io.repowatch.observer.WorkflowKey.OfRepo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * One move of a repo: makes its events in all three streams (registry specification §5.3, S6). Immutable; may be shared.
 *
 * @param repo the repo
 * @param workflow the move
 * @param from where the repo is
 * @param to where it is to go
 */
public record ScriptedMove(ScriptedRepo repo, UUID workflow, String from, String to) {

    /** The next move of the same repo. */
    public ScriptedMove next(UUID nextWorkflow, String path) {
        return new ScriptedMove(repo, nextWorkflow, to, path);
    }

    /** The whole beginning in one append; the application has not accepted. */
    public Change<?>[] begin() {
        return new Change<?>[] {accepted(), started(), workflowStarted()};
    }

    /** What a registry writes when the move is committed, in one append. */
    public Change<?>[] end() {
        return new Change<?>[] {workflowMoved(), moved(), registryMoved(), committed()};
    }

    /** What a registry writes when the move is given up, in one append: everything is back where it was. */
    public Change<?>[] abort() {
        ScriptedMove back = new ScriptedMove(repo, workflow, from, from);
        return back.end();
    }

    /** The registry has accepted the move. */
    public Change<RegistryEvent> accepted() {
        return repo.moveAccepted(workflow, to);
    }

    /** The repo knows of the move. */
    public Change<RepoEvent> started() {
        return repo.event(Events.moveStarted(workflow, repo.place(from), repo.shadowPath(from), repo.place(to)));
    }

    /** The workflow begins. */
    public Change<WorkflowEvent> workflowStarted() {
        return event(Events.workflowMoveStarted(repo.id(), repo.place(from), repo.shadowPath(from), repo.place(to)));
    }

    /** The application has accepted. */
    public Change<WorkflowEvent> appAccepted() {
        return event(Events.workflow(WorkflowEvent.Type.EV_FSO_REPO_MOVE_APP_ACCEPTED));
    }

    /** The old side has let the repo go. */
    public Change<WorkflowEvent> released() {
        return event(Events.workflow(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STA_RELEASED));
    }

    /** The new side has moved the repo. */
    public Change<WorkflowEvent> workflowMoved() {
        return event(Events.workflowMoved(repo.id(), repo.place(to), repo.shadowPath(to)));
    }

    /** The repo has moved. */
    public Change<RepoEvent> moved() {
        return repo.moved(workflow, to);
    }

    /** The registry knows that the repo has moved. */
    public Change<RegistryEvent> registryMoved() {
        return repo.registryMoved(workflow, to);
    }

    /** The workflow is over. */
    public Change<WorkflowEvent> committed() {
        return event(Events.workflow(WorkflowEvent.Type.EV_FSO_REPO_MOVE_COMMITTED));
    }

    /** Any event of the workflow's stream. */
    public Change<WorkflowEvent> event(WorkflowEvent body) {
        return new Change<>(new WorkflowKey(new OfRepo(repo.id()), workflow), body);
    }
}
