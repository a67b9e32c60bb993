package io.repowatch.journal;

import org.jspecify.annotations.Nullable;

/** A stream does not have the version that an append expected; nothing was stored. */
public final class VersionConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what happened. */
    public VersionConflictException(String message) {
        super(message);
    }

    /** As above, with what it comes from. */
    public VersionConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
