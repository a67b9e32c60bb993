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
    /**
     * What is told of a repo; a shared constant where all is well.
     *
     * @param why in words for an operator
     */
    record Told(State state, String why, @Nullable Instant nextRetry, @Nullable String lastError) {
        Told withTrouble(@Nullable Instant retry, @Nullable String error) {
            return new Told(state, why, retry, error);
        }
    }

    /** Null while the entry is not on the board. */
    @Nullable
    Told told;

    /** In seconds since the Unix epoch, without a sign: more would cost each sleeping repo eight bytes. */
    int since;

    /** The repo it tells of. */
    abstract UUID repo();

    void copy(StatusEntry from) {
        told = from.told;
        since = from.since;
    }

    @Nullable
    RepoStatus status() {
        Told now = told;
        return now == null
                ? null
                : new RepoStatus(
                        now.state(),
                        Instant.ofEpochSecond(Integer.toUnsignedLong(since)),
                        now.why(),
                        now.nextRetry(),
                        now.lastError());
    }
}
