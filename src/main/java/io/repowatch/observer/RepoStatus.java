package io.repowatch.observer;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a repo stands.
 *
 * @param state the state
 * @param since when it came into this state, to the second
 * @param why what it does or waits for, in words for an operator
 * @param nextRetry when a failed callback is called again, null if none has failed
 * @param lastError the stored error, or the last failure, null if there is none
 */
public record RepoStatus(
        State state,
        Instant since,
        String why,
        @Nullable Instant nextRetry,
        @Nullable String lastError) {

    /** The states, in the order in which a healthy repo passes them. */
    public enum State {
        /** Its history is being read. */
        LOADING,
        /** It waits for something outside: a move, or an event that asks for anything at all. */
        WAITING,
        /** Its shadow repo is being made. */
        INITIALISING,
        /** It is being enabled. */
        ENABLING,
        /** It takes requests. */
        ENABLED,
        /** An operation failed and is tried again. */
        RETRYING,
        /** An error is stored, and the repo takes no requests until it is cleared. */
        ERROR;

        private final String words = name().toLowerCase(Locale.ROOT);

        /** The name as people read it, such as {@code enabled}. */
        @Override
        public String toString() {
            return words;
        }
    }
}
