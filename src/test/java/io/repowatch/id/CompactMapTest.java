package io.repowatch.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compact map against {@link HashMap}. */
class CompactMapTest {
    private record Key(String name, UUID id) {}

    private record Value(Key key, int version) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itHoldsWhatAMapHolds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        CompactMap<Key, Value> map = new CompactMap<>(Value::key, Key::id);
        Map<Key, Value> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(500);
            // Several keys have the same id, and the ids are close to each other.
            Key key = new Key("k" + number, new UUID(7, number / 3));
            boolean growing = i / 2_000 % 2 == 0;
            if (random.nextInt(10) < (growing ? 7 : 3)) {
                Value value = new Value(key, i);
                assertThat(map.put(value)).as("seed %d", seed).isEqualTo(model.put(key, value));
            } else {
                assertThat(map.remove(key)).as("seed %d", seed).isEqualTo(model.remove(key));
            }
            Key other = new Key("k" + number / 2, new UUID(7, number / 2 / 3));
            assertThat(map.get(other)).as("seed %d", seed).isEqualTo(model.get(other));
            assertThat(map.size()).as("seed %d", seed).isEqualTo(model.size());
        }
        List<Value> all = new ArrayList<>();
        map.forEach(all::add);
        assertThat(all).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.values());
        map.clear();
        assertThat(map.size()).isZero();
        model.keySet().forEach(key -> assertThat(map.get(key)).isNull());
    }
}
