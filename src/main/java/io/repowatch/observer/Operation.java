package io.repowatch.observer;

import java.util.Locale;

/** What an observer does to a repo. */
public enum Operation {
    /** Makes and confirms the shadow repo. */
    INIT,
    /** Makes the repo take requests. */
    ENABLE,
    /** Makes and confirms the GitLab project. */
    GITLAB,
    /** Makes the repo take no more requests. */
    DISABLE,
    /** Gives the repo away: this side's part of a move from here. */
    RELEASE,
    /** Takes the repo over: this side's part of a move to here. */
    ACQUIRE,
    /** This side's part of a move of the shadow. */
    MOVE_SHADOW,
    /** Stops following the repo. */
    QUIT;

    private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name as people read it, such as {@code move-shadow}. */
    @Override
    public String toString() {
        return words;
    }
}
