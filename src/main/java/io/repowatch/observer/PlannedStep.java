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
    /** Gives the repo away: this side's part of a move from here. */
    RELEASE(true),
    /** Takes the repo over: this side's part of a move to here. */
    ACQUIRE(true),
    /** This side's part of a move of the shadow. */
    MOVE_SHADOW(true);

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
            case RELEASE -> RELEASE;
            case ACQUIRE -> ACQUIRE;
            case MOVE_SHADOW -> MOVE_SHADOW;
            case QUIT -> QUIT;
        };
    }

    /** The name as people read it, such as {@code store-error}. */
    @Override
    public String toString() {
        return words;
    }
}
