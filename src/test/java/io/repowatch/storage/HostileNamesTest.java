package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.wire.nogfso.SubdirTracking;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thousand names that nobody would choose. Seeded: the seed is in the test's name, and {@code -Drepowatch.seed=N} takes its
 * place.
 */
class HostileNamesTest {
    private static final int NAMES = 1000;
    private static final int CHANGES = 300;

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void anyNamesAreRecordedListedAndComparedExactly(long fixed) throws Exception {
        long seed = Long.getLong("repowatch.seed", fixed);
        StorageFixture host = new StorageFixture(directory.toRealPath());
        HostileTree tree = new HostileTree(host.data, new Random(seed));
        try (ServicesFixture services = new ServicesFixture(host, 3)) {
            tree.create(NAMES);
            Map<String, HostileTree.Entry> before = HostileTree.shown(host.data);
            host.init(SubdirTracking.ST_ENTER_SUBDIRS);
            host.table.enable(host.info()).block(StorageFixture.LONG);
            assertThat(before).as("seed %d", seed).hasSizeGreaterThan(NAMES / 3);
            requireRecorded(seed, services, before);
            for (int round = 0; round < 2; round++) {
                tree.change(CHANGES);
                Map<String, HostileTree.Entry> after = HostileTree.shown(host.data);
                assertThat(services.statusLines())
                        .as("seed %d, round %d", seed, round)
                        .containsExactlyInAnyOrderElementsOf(differences(before, after));
                host.now = host.now.plus(Duration.ofDays(1));
                assertThat(host.stat(false)).isTrue();
                requireRecorded(seed, services, after);
                before = after;
            }
        }
    }

    private static void requireRecorded(long seed, ServicesFixture services, Map<String, HostileTree.Entry> shown) {
        GitCommand git = services.host.git();
        git.requireClean();
        assertThat(RecordedTree.read(git)).as("seed %d: in git", seed).isEqualTo(shown);
        Map<String, String> listed = new TreeMap<>();
        services.listing()
                .forEach(page -> ServicesFixture.paths(page)
                        .forEach(info -> assertThat(listed.put(
                                        (String) ServicesFixture.get(info, "path"),
                                        ServicesFixture.get(info, "mode") + " " + ServicesFixture.get(info, "mtime")
                                                + " " + ServicesFixture.get(info, "symlink")))
                                .as("seed %d: no path comes twice", seed)
                                .isNull()));
        Map<String, String> expected = new TreeMap<>();
        shown.forEach((path, entry) -> expected.put(
                text(path), entry.mode() + " " + (entry.isLink() ? 0 : entry.mtime()) + " " + text(entry.target())));
        assertThat(listed).as("seed %d: listed", seed).isEqualTo(expected).hasSameSizeAs(shown);
        assertThat(services.statusLines()).as("seed %d: nothing differs", seed).isEmpty();
        assertThat(services.host.stat(false))
                .as("seed %d: nor for a stat", seed)
                .isFalse();
    }

    private static String text(String bytes) {
        return PathText.of(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> differences(
            Map<String, HostileTree.Entry> before, Map<String, HostileTree.Entry> after) {
        Set<String> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        return all.stream()
                .filter(path -> !after.getOrDefault(path, HostileTree.NONE).equals(before.get(path)))
                .map(path -> (before.containsKey(path) ? after.containsKey(path) ? "MODIFIED " : "DELETED " : "NEW ")
                        + text(path))
                .collect(Collectors.toList());
    }

    @Test
    void aNameThatIsNoTextHasATextOfItsOwn() {
        assertThat(text("a\u00c3\u00bc")).isEqualTo("aü");
        assertThat(text("a\u00ff")).isEqualTo("a\uFFFDFF");
        assertThat(text("\u00ed\u00a0\u0080")).isEqualTo("\uFFFDED\uFFFDA0\uFFFD80");
        assertThat(text("a\u00ef\u00bf\u00bdFF")).as("what looks like it").isEqualTo("a\uFFFDEF\uFFFDBF\uFFFDBDFF");
        assertThat(text("\u00e2\u0082x\u00f0\u009f\u0098\u0080\u00c3")).isEqualTo("\uFFFDE2\uFFFD82x😀\uFFFDC3");
        assertThat(text("new\nline")).isEqualTo("new\nline");
    }

    @Test
    void noTwoNamesHaveTheSameText() {
        long seed = Long.getLong("repowatch.seed", 3);
        Random random = new Random(seed);
        Set<String> names = new TreeSet<>();
        Set<String> texts = new TreeSet<>();
        int[] bytes = {'F', 'E', 'a', 0xEF, 0xBF, 0xBD, 0xFF, 0xC3, 0xBC, 0xF0, 0x9F};
        for (int i = 0; i < 100_000; i++) {
            String name = random.ints(1 + random.nextInt(7), 0, bytes.length)
                    .mapToObj(b -> String.valueOf((char) bytes[b]))
                    .collect(Collectors.joining());
            names.add(name);
            String text = text(name);
            assertThat(text.getBytes(StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .isNotEmpty();
            assertThat(HostileTree.unescaped(text)).as("seed %d", seed).isEqualTo(name);
            texts.add(text);
        }
        assertThat(texts).as("seed %d", seed).hasSameSizeAs(names);
    }
}
