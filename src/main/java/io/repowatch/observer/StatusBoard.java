package io.repowatch.observer;

import io.repowatch.id.CompactMap;
import io.repowatch.observer.RepoStatus.State;
import io.repowatch.observer.StatusEntry.Told;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The states of all repos that are followed: a view over their activities. Thread-safe; an entry is written by its activity
 * and by the engine's report of a retry.
 */
final class StatusBoard {
    private static final State[] STATES = State.values();

    /** Of the texts that say why, a few are the same for all repos; others name a move. */
    private static final int MOST_USUAL = 100;

    private final InstantSource clock;
    private final CompactMap<UUID, StatusEntry> entries = new CompactMap<>(StatusEntry::repo, Function.identity());
    private final Map<Told, Told> usual = new ConcurrentHashMap<>();
    private final AtomicLongArray counts = new AtomicLongArray(STATES.length);

    StatusBoard(InstantSource clock) {
        this.clock = clock;
    }

    /** Puts a repo's entry on the board, in this state; or in that of the entry before it, whose place it takes. */
    void enter(StatusEntry entry, State state, String why) {
        // Filled before it can be seen.
        synchronized (entry) {
            StatusEntry old = entry(entry.repo());
            if (old == null) {
                move(entry, state, why, null);
            } else {
                takeOver(entry, old);
            }
        }
        synchronized (entries) {
            entries.put(entry);
        }
    }

    private static void takeOver(StatusEntry entry, StatusEntry old) {
        synchronized (old) {
            entry.copy(old);
        }
    }

    private @Nullable StatusEntry entry(UUID repo) {
        synchronized (entries) {
            return entries.get(repo);
        }
    }

    /** Puts an entry into a state; entering the state it is in already keeps its time. */
    void set(StatusEntry entry, State state, String why, @Nullable String lastError) {
        synchronized (entry) {
            if (entry.told != null) {
                move(entry, state, why, lastError);
            }
        }
    }

    private void move(StatusEntry entry, State state, String why, @Nullable String lastError) {
        Told before = entry.told;
        if (before == null || before.state() != state) {
            count(before, -1);
            counts.incrementAndGet(state.ordinal());
            entry.since = (int) clock.instant().getEpochSecond();
        }
        entry.told = shared(new Told(state, why, null, lastError));
    }

    private void count(@Nullable Told told, int change) {
        if (told != null) {
            counts.addAndGet(told.state().ordinal(), change);
        }
    }

    /** The same object for what is the same of most repos. */
    private Told shared(Told told) {
        if (told.lastError() != null) {
            return told;
        }
        Told known = usual.get(told);
        if (known == null && usual.size() < MOST_USUAL) {
            known = usual.putIfAbsent(told, told);
        }
        return known == null ? told : known;
    }

    /** Whether the processor has the repo. */
    boolean isEnabled(UUID repo) {
        RepoStatus status = get(repo);
        return status != null && status.state() == State.ENABLED;
    }

    /** A callback or a read failed; it is repeated at {@code at}. */
    void retryAt(UUID repo, Instant at, String error) {
        StatusEntry entry = entry(repo);
        if (entry != null) {
            synchronized (entry) {
                Told told = entry.told;
                entry.told = told == null ? null : told.withTrouble(at, error);
            }
        }
    }

    /** Whatever was retried has succeeded. */
    void recovered(UUID repo) {
        StatusEntry entry = entry(repo);
        if (entry != null) {
            synchronized (entry) {
                Told told = entry.told;
                entry.told = told == null || told.nextRetry() == null
                        ? told
                        : shared(told.withTrouble(null, told.lastError()));
            }
        }
    }

    void remove(UUID repo) {
        StatusEntry entry;
        synchronized (entries) {
            entry = entries.remove(repo);
        }
        if (entry != null) {
            synchronized (entry) {
                count(entry.told, -1);
                entry.told = null;
            }
        }
    }

    @Nullable
    RepoStatus get(UUID repo) {
        StatusEntry entry = entry(repo);
        return entry == null ? null : status(entry);
    }

    private static @Nullable RepoStatus status(StatusEntry entry) {
        synchronized (entry) {
            return entry.status();
        }
    }

    Map<UUID, RepoStatus> snapshot() {
        List<StatusEntry> present;
        // Only the references: whoever sets a state must not wait for a million copies.
        synchronized (entries) {
            present = new ArrayList<>(entries.size());
            entries.forEach(present::add);
        }
        Map<UUID, RepoStatus> all = new HashMap<>();
        for (StatusEntry entry : present) {
            RepoStatus status = status(entry);
            if (status != null) {
                all.put(entry.repo(), status);
            }
        }
        return all;
    }

    /** Costs the same however many repos there are. */
    Map<State, Long> counts() {
        Map<State, Long> present = new EnumMap<>(State.class);
        for (State state : STATES) {
            long count = counts.get(state.ordinal());
            if (count > 0) {
                present.put(state, count);
            }
        }
        return present;
    }
}
