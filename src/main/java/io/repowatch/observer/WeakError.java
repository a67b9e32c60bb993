package io.repowatch.observer;

import org.jspecify.annotations.Nullable;

/** A failure that is retried a few times and then stored on the repo. */
public final class WeakError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what happened and what to do, for the person who reads the stored error. */
    public WeakError(String message) {
        super(message);
    }

    /** As above, with what it comes from. */
    public WeakError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
