package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void behavesLikeATreeMapAndStaysBalanced(long seed) {
        Random random = new Random(seed);
        TreeMap<Integer, Integer> expected = new TreeMap<>();
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int step = 0; step < 3_000; step++) {
            int key = random.nextInt(500);
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                map = map.remove(key);
            } else {
                expected.put(key, step);
                map = map.put(key, step);
            }
            if (step % 50 == 0) {
                check(map.root);
                int from = random.nextInt(500);
                assertThat(entries(map, from))
                        .as("seed %s step %s", seed, step)
                        .isEqualTo(new LinkedHashMap<>(expected.tailMap(from)));
            }
        }
        assertThat(entries(map, 0)).as("seed %s", seed).isEqualTo(new LinkedHashMap<>(expected));
        assertThat(map.size()).isEqualTo(expected.size());
        for (int key = 0; key < 500; key++) {
            assertThat(map.get(key)).isEqualTo(expected.get(key));
        }
    }

    private static Map<Integer, Integer> entries(PersistentMap<Integer, Integer> map, int from) {
        Map<Integer, Integer> entries = new LinkedHashMap<>();
        map.visitFrom(from, (key, value) -> {
            entries.put(key, value);
            return true;
        });
        return entries;
    }

    private static int check(PersistentMap.@Nullable Node<Integer, Integer> node) {
        if (node == null) {
            return 0;
        }
        int left = check(node.left);
        int right = check(node.right);
        if (left + right > 1) {
            assertThat(left).isLessThanOrEqualTo(3 * right);
            assertThat(right).isLessThanOrEqualTo(3 * left);
        }
        assertThat(node.size).isEqualTo(left + right + 1);
        return node.size;
    }

    @Test
    void versionsShareAllButAPath() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 20_000; i++) {
            PersistentMap<Integer, Integer> next = map.put(i, i);
            if (i % 1_000 == 999) {
                Set<Object> old = nodes(map);
                long fresh =
                        nodes(next).stream().filter(node -> !old.contains(node)).count();
                assertThat(fresh).as("new nodes at size %s", i).isLessThan(50);
                assertThat(old).hasSize(i);
            }
            map = next;
        }
    }

    private static Set<Object> nodes(PersistentMap<?, ?> map) {
        Set<Object> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayList<PersistentMap.Node<?, ?>> open = new ArrayList<>();
        if (map.root != null) {
            open.add(map.root);
        }
        while (!open.isEmpty()) {
            PersistentMap.Node<?, ?> node = open.remove(open.size() - 1);
            nodes.add(node);
            if (node.left != null) {
                open.add(node.left);
            }
            if (node.right != null) {
                open.add(node.right);
            }
        }
        return nodes;
    }

    @Test
    void aVisitorMayStop() {
        PersistentMap<String, Integer> map =
                PersistentMap.<String, Integer>empty().put("a", 1).put("b", 2).put("c", 3);
        ArrayList<String> seen = new ArrayList<>();
        map.visitFrom("a", (key, value) -> {
            seen.add(key);
            return value < 2;
        });
        assertThat(seen).containsExactly("a", "b");
    }
}
