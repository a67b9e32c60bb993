package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an observer would do now; what {@link Planner#plan()} emits. Immutable.
 *
 * @param repo the repo, null for what is about none, as a ping
 * @param path where the repo is in the registry's name space, null where its history does not tell
 * @param step what the observer would do
 * @param rule the name of the rule that asks for it, as in {@link Observation} and {@link WorkflowStatus}
 * @param cause the event that caused it: the last one of the history that the rule looked at
 * @param workflow the workflow it belongs to, null if none
 * @param lasting whether it changes more than the memory of the process that observes; see {@link PlannedStep#lasting()}
 * @param why what it does or waits for, or what is wrong, in words for an operator; empty where the step says it all
 */
public record PlannedAction(
        @Nullable UUID repo,
        @Nullable GlobalPath path,
        PlannedStep step,
        String rule,
        Vid cause,
        @Nullable UUID workflow,
        boolean lasting,
        String why) {

    static PlannedAction of(RepoState repo, Action action) {
        PlannedStep step = PlannedStep.of(action.operation());
        return new PlannedAction(
                repo.id(),
                repo.globalPath(),
                step,
                action.rule(),
                action.cause(),
                action.workflow(),
                step.lasting(),
                "");
    }

    /** The registry refuses an error where another one is stored already, so that nothing comes of it. */
    static PlannedAction refused(RepoState repo, Action action, String why) {
        return new PlannedAction(
                repo.id(),
                repo.globalPath(),
                PlannedStep.STORE_ERROR,
                action.rule(),
                action.cause(),
                action.workflow(),
                !repo.hasError(),
                why);
    }

    static PlannedAction waits(RepoState repo, @Nullable UUID workflow, String why) {
        return new PlannedAction(
                repo.id(), repo.globalPath(), PlannedStep.WAIT, "quiet.wait", repo.tail(), workflow, false, why);
    }

    static PlannedAction of(@Nullable RepoState repo, UUID workflow, WorkflowAction action) {
        PlannedStep step = PlannedStep.of(action.operation());
        return new PlannedAction(
                repo == null ? null : repo.id(),
                repo == null ? null : repo.globalPath(),
                step,
                action.rule(),
                action.cause(),
                workflow,
                step.lasting(),
                action.why());
    }
}
