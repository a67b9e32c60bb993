package io.repowatch.observer;

import java.util.Locale;

/** What an observer would do, one step; see {@link PlannedAction}. */
public enum PlannedStep {
    /** Makes the repo take requests. */
    ENABLE(false),
    /** Makes the repo take no more requests. */
    DISABLE(false),
    /** Does nothing until something comes from outside. */
    WAIT(false),
    /** Stops following the repo. */
    QUIT(false),
    /** Makes and confirms the shadow repo. */
    INIT(true),
    /** Makes and confirms the GitLab project. */
    GITLAB(true),
    /** Stores an error on the repo. */
    STORE_ERROR(true),
    /** Tells the registry that this side has let a repo go that moves. */
    POST_RELEASED(true),
    /** Brings data and shadow of a repo to their new place, and tells the registry. */
    MOVE(true),
    /** Tells the registry that the shadow may be moved. */
    POST_DISABLED(true),
    /** Makes the files of a repo immutable. */
    FREEZE(true),
    /** Makes the files of a repo changeable. */
    UNFREEZE(true),
    /** Gives the files of a repo back what an unfinished freeze took. */
    UNDO_FREEZE(true),
    /** Tells the registry that the files are frozen, or changeable again. */
    COMMIT_FILES(true),
    /** Tells the registry that the files could not be done. */
    ABORT_FILES(true),
    /** Tells a registry that this side is alive. */
    PING(true);

    private final boolean lasting;
    private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

    PlannedStep(boolean lasting) {
        this.lasting = lasting;
    }

    /**
     * Whether it changes more than the memory of the process that observes: files, a shadow, or the registry. The other steps
     * are taken at every start of an observer, so a plan with nothing else says that there is nothing to do.
     */
    public boolean lasting() {
        return lasting;
    }

    static PlannedStep of(Operation operation) {
        return switch (operation) {
            case INIT -> INIT;
            case ENABLE -> ENABLE;
            case GITLAB -> GITLAB;
            case DISABLE -> DISABLE;
            case QUIT -> QUIT;
            case RELEASE, ACQUIRE, MOVE_SHADOW ->
                throw new IllegalArgumentException(operation + " is a part of a workflow, whose rules say the step");
        };
    }

    /** The step of a workflow's operation; a part that is over has nothing to wait for but the end of the history. */
    static PlannedStep of(WorkflowOperation operation) {
        if (operation instanceof WorkflowOperation.PostReleased) {
            return POST_RELEASED;
        }
        if (operation instanceof WorkflowOperation.Move) {
            return MOVE;
        }
        if (operation instanceof WorkflowOperation.PostDisabled) {
            return POST_DISABLED;
        }
        if (operation instanceof WorkflowOperation.Freeze) {
            return FREEZE;
        }
        if (operation instanceof WorkflowOperation.Unfreeze) {
            return UNFREEZE;
        }
        if (operation instanceof WorkflowOperation.Undo) {
            return UNDO_FREEZE;
        }
        if (operation instanceof WorkflowOperation.CommitFiles) {
            return COMMIT_FILES;
        }
        if (operation instanceof WorkflowOperation.AbortFiles) {
            return ABORT_FILES;
        }
        return operation instanceof WorkflowOperation.Ping ? PING : WAIT;
    }

    /** The name as people read it, such as {@code store-error}. */
    @Override
    public String toString() {
        return words;
    }
}
