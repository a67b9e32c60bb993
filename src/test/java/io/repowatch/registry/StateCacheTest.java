package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import io.repowatch.journal.StreamId;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StateCacheTest {
    private static final StreamId OWN = stream(0);

    private final StateCache cache = new StateCache(OWN, 3);

    @Test
    void aLoadedStateIsThereForItsTransactionAlsoWhenAllOthersAreOnTheWay() {
        cache.loaded(OWN, snapshot(0));
        for (int i = 1; i <= 3; i++) {
            cache.loaded(stream(i), snapshot(i));
            cache.advance(Map.of(stream(i), snapshot(i + 10)));
        }

        cache.loaded(stream(4), snapshot(4));

        assertThat(cache.pending(stream(4))).isEqualTo(snapshot(4));
    }

    @Test
    void theLeastRecentlyUsedGoesFirstAndTheOwnNever() {
        cache.loaded(OWN, snapshot(0));
        for (int i = 1; i <= 3; i++) {
            cache.loaded(stream(i), snapshot(i));
        }

        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.pending(stream(1))).isNull();
        assertThat(cache.pending(stream(3))).isEqualTo(snapshot(3));
        assertThat(cache.pending(OWN)).isEqualTo(snapshot(0));
    }

    private static StreamId stream(int number) {
        return new StreamId((byte) 1, new UUID(0, number));
    }

    private static Snapshot<String> snapshot(int number) {
        return new Snapshot<>(new Vid(1, number), "state " + number);
    }
}
