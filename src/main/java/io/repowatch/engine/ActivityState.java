package io.repowatch.engine;

import java.util.Locale;

/** What an activity is doing, as {@link ActivityEngine#activities} counts it. */
public enum ActivityState {
    /** It has something to do and waits for a permit. */
    READY,
    /** Its stream is being read, or a callback runs. */
    RUNNING,
    /** It is caught up; a wake-up makes it ready. */
    SLEEPING,
    /** It waits for the outcome of a {@link Step#await}, without read and permit. */
    AWAITING,
    /** A read or a callback failed; it is tried again after a pause. */
    BACKING_OFF;

    private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name as people read it, such as {@code backing-off}. */
    @Override
    public String toString() {
        return words;
    }
}
