package io.repowatch.observer;

import io.repowatch.observer.RepoStatus.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of all repos that are followed. One small entry per repo, whose texts are shared constants while all is well.
 * Thread-safe; entries of one repo are written by its activity and by the engine's report of a retry.
 */
final class StatusBoard {
    private static final long NEVER = Long.MIN_VALUE;

    /** Times in milliseconds since the Unix epoch. */
    private record Entry(
            State state,
            long since,
            String why,
            long nextRetry,
            @Nullable String lastError) {
        RepoStatus status() {
            return new RepoStatus(
                    state,
                    Instant.ofEpochMilli(since),
                    why,
                    nextRetry == NEVER ? null : Instant.ofEpochMilli(nextRetry),
                    lastError);
        }
    }

    private final InstantSource clock;
    private final ConcurrentMap<UUID, Entry> entries = new ConcurrentHashMap<>();

    StatusBoard(InstantSource clock) {
        this.clock = clock;
    }

    /** Puts a repo into a state; entering the state it is in already keeps its time. */
    void set(UUID repo, State state, String why, @Nullable String lastError) {
        entries.compute(repo, (id, old) -> {
            if (old == null || old.state() != state) {
                return new Entry(state, clock.millis(), why, NEVER, lastError);
            }
            boolean same =
                    old.nextRetry() == NEVER && old.why().equals(why) && Objects.equals(old.lastError(), lastError);
            return same ? old : new Entry(state, old.since(), why, NEVER, lastError);
        });
    }

    /** Enters a repo that is not on the board yet. */
    void enter(UUID repo, State state, String why) {
        entries.computeIfAbsent(repo, id -> new Entry(state, clock.millis(), why, NEVER, null));
    }

    /** Whether the processor has the repo. */
    boolean isEnabled(UUID repo) {
        Entry entry = entries.get(repo);
        return entry != null && entry.state() == State.ENABLED;
    }

    /** A callback or a read failed; it is repeated at {@code at}. */
    void retryAt(UUID repo, Instant at, String error) {
        entries.computeIfPresent(
                repo, (id, old) -> new Entry(old.state(), old.since(), old.why(), at.toEpochMilli(), error));
    }

    /** Whatever was retried has succeeded. */
    void recovered(UUID repo) {
        Entry entry = entries.get(repo);
        if (entry != null && entry.nextRetry() != NEVER) {
            entries.computeIfPresent(
                    repo, (id, old) -> new Entry(old.state(), old.since(), old.why(), NEVER, old.lastError()));
        }
    }

    void remove(UUID repo) {
        entries.remove(repo);
    }

    @Nullable
    RepoStatus get(UUID repo) {
        Entry entry = entries.get(repo);
        return entry == null ? null : entry.status();
    }

    Map<UUID, RepoStatus> snapshot() {
        Map<UUID, RepoStatus> all = new HashMap<>();
        entries.forEach((repo, entry) -> all.put(repo, entry.status()));
        return all;
    }

    Map<State, Long> counts() {
        Map<State, Long> counts = new EnumMap<>(State.class);
        entries.values().forEach(entry -> counts.merge(entry.state(), 1L, Long::sum));
        return counts;
    }
}
