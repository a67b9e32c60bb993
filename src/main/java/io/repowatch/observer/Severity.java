package io.repowatch.observer;

import org.jspecify.annotations.Nullable;

/** What a failure means for the repo (storage specification §1.6, with D28). */
enum Severity {
    /** Known already: handled. */
    STORED,
    /** Stored at once. */
    STRONG,
    /** Retried, then stored. */
    WEAK,
    /** Retried until it succeeds. */
    OTHER;

    private static final int DEEPEST_CAUSE = 32;
    private static final String UNAUTHENTICATED = "UNAUTHENTICATED";

    /** Looks through the causes for the first of these classes, in this order. */
    static Severity of(Throwable error) {
        if (find(error, StoredError.class) != null) {
            return STORED;
        }
        if (find(error, StrongError.class) != null) {
            return STRONG;
        }
        if (find(error, WeakError.class) != null) {
            return WEAK;
        }
        CommandRejectedException rejected = find(error, CommandRejectedException.class);
        // Renewed credentials mend it, and it is no fault of the repo.
        return rejected == null || rejected.code().equals(UNAUTHENTICATED) ? OTHER : STRONG;
    }

    private static <T extends Throwable> @Nullable T find(Throwable error, Class<T> type) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}
