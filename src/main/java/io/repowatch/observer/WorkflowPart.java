package io.repowatch.observer;

import java.util.Locale;

/** The parts of workflows that an observer takes. */
public enum WorkflowPart {
    /** Gives a repo away: this side's part of a move from here. */
    RELEASE,
    /** Takes a repo over: this side's part of a move to here. */
    ACQUIRE,
    /** Keeps a repo disabled while its shadow is moved. */
    MOVE_SHADOW,
    /** Makes the files of a repo immutable. */
    FREEZE,
    /** Makes the files of a repo changeable again. */
    UNFREEZE,
    /** Tells a registry that this side is alive. */
    PING;

    private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name as people read it, such as {@code move-shadow}. */
    @Override
    public String toString() {
        return words;
    }
}
