package io.repowatch.observer;

import io.repowatch.observer.RepoStatus.State;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link StatusBoard} keeps of one repo. A repo's activity is its own entry: an object more for each sleeping repo
 * would cost more than what it holds. Guarded by itself; only the board touches it.
 */
abstract class StatusEntry {
    /** What is told of a repo that is not well. */
    record Trouble(@Nullable Instant nextRetry, @Nullable String lastError) {}

    /** Null while the entry is not on the board. */
    @Nullable
    State state;

    /** In milliseconds since the Unix epoch. */
    long since;

    /** A shared constant while all is well. */
    String why = "";

    /** Null while all is well. */
    @Nullable
    Trouble trouble;

    /** The repo it tells of. */
    abstract UUID repo();

    void copy(StatusEntry from) {
        state = from.state;
        since = from.since;
        why = from.why;
        trouble = from.trouble;
    }

    @Nullable
    RepoStatus status() {
        State now = state;
        if (now == null) {
            return null;
        }
        Trouble told = trouble;
        return told == null
                ? new RepoStatus(now, Instant.ofEpochMilli(since), why, null, null)
                : new RepoStatus(now, Instant.ofEpochMilli(since), why, told.nextRetry(), told.lastError());
    }
}
