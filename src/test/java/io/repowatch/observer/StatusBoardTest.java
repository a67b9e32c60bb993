package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.observer.RepoStatus.State;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The board tells of each repo what was told last, and counts without looking at all of them. */
class StatusBoardTest {
    private static final Instant LATER = Instant.ofEpochMilli(70_000);

    private Instant now = Instant.EPOCH;
    private final StatusBoard board = new StatusBoard(() -> now);
    private final UUID a = new UUID(1, 1);

    private static final class Entry extends StatusEntry {
        private final UUID repo;

        Entry(UUID repo) {
            this.repo = repo;
        }

        @Override
        UUID repo() {
            return repo;
        }
    }

    private Entry entered(UUID repo) {
        Entry entry = new Entry(repo);
        board.enter(entry, State.LOADING, "new");
        return entry;
    }

    private static RepoStatus status(
            State state, Instant since, String why, @Nullable Instant nextRetry, @Nullable String lastError) {
        return new RepoStatus(state, since, why, nextRetry, lastError);
    }

    @Test
    void aStateKeepsItsTimeUntilTheNextOne() {
        Entry entry = entered(a);
        now = LATER;
        board.set(entry, State.LOADING, "still", null);
        assertThat(board.get(a)).isEqualTo(status(State.LOADING, Instant.EPOCH, "still", null, null));
        board.set(entry, State.ERROR, "bad", "disk");
        assertThat(board.get(a)).isEqualTo(status(State.ERROR, LATER, "bad", null, "disk"));
    }

    @Test
    void aRetryIsToldUntilItHasSucceeded() {
        Entry entry = entered(a);
        board.retryAt(a, LATER, "no answer");
        assertThat(board.get(a)).isEqualTo(status(State.LOADING, Instant.EPOCH, "new", LATER, "no answer"));
        board.recovered(a);
        assertThat(board.get(a)).isEqualTo(status(State.LOADING, Instant.EPOCH, "new", null, "no answer"));
        board.set(entry, State.LOADING, "new", null);
        board.recovered(a);
        assertThat(board.get(a)).isEqualTo(status(State.LOADING, Instant.EPOCH, "new", null, null));
    }

    @Test
    void aNewInstanceTakesTheStatusOfTheOneBeforeIt() {
        Entry first = entered(a);
        board.set(first, State.ENABLED, "it takes requests", null);
        now = LATER;
        Entry second = entered(a);
        assertThat(board.get(a)).isEqualTo(status(State.ENABLED, Instant.EPOCH, "it takes requests", null, null));
        assertThat(board.isEnabled(a)).isTrue();
        assertThat(board.counts()).isEqualTo(Map.of(State.ENABLED, 1L));
        board.set(second, State.WAITING, "for a move", null);
        assertThat(board.isEnabled(a)).isFalse();
        assertThat(board.counts()).isEqualTo(Map.of(State.WAITING, 1L));
    }

    @Test
    void whatIsToldOfARepoThatHasLeftIsIgnored() {
        Entry entry = entered(a);
        board.remove(a);
        board.set(entry, State.ENABLED, "late", null);
        board.retryAt(a, LATER, "late");
        board.recovered(a);
        board.remove(a);
        assertThat(board.get(a)).isNull();
        assertThat(board.isEnabled(a)).isFalse();
        assertThat(board.snapshot()).isEmpty();
        assertThat(board.counts()).isEmpty();
    }

    @Test
    void theCountsAreThoseOfTheSnapshot() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StatusBoard many = new StatusBoard(() -> now);
            Map<UUID, Entry> present = new HashMap<>();
            for (int i = 0; i < 300; i++) {
                UUID repo = new UUID(0, random.nextInt(20));
                State state = State.values()[random.nextInt(State.values().length)];
                Entry entry = present.get(repo);
                if (entry == null || random.nextInt(10) == 0) {
                    Entry fresh = new Entry(repo);
                    many.enter(fresh, state, "new");
                    present.put(repo, fresh);
                } else if (random.nextInt(5) == 0) {
                    many.remove(repo);
                    present.remove(repo);
                } else {
                    many.set(entry, state, "set", null);
                }
            }
            Map<State, Long> counted = new EnumMap<>(State.class);
            many.snapshot().values().forEach(status -> counted.merge(status.state(), 1L, Long::sum));
            assertThat(many.counts()).as("seed %d", seed).isEqualTo(counted);
            assertThat(many.snapshot()).as("seed %d", seed).hasSameSizeAs(present);
        }
    }
}
