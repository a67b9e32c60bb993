package io.repowatch.observer;

import org.jspecify.annotations.Nullable;

/** A failure that is stored on the repo at once: no retry can mend it. */
public final class StrongError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what happened and what to do, for the person who reads the stored error. */
    public StrongError(String message) {
        super(message);
    }

    /** As above, with what it comes from. */
    public StrongError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
