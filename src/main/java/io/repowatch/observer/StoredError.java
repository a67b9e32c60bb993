package io.repowatch.observer;

import org.jspecify.annotations.Nullable;

/** A failure that is on the repo already: nothing to store, nothing to retry. */
public final class StoredError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what happened and what to do, for the person who reads the stored error. */
    public StoredError(String message) {
        super(message);
    }

    /** As above, with what it comes from. */
    public StoredError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
