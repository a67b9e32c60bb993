package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded: the seed is in the test's name, and {@code -Drepowatch.seed=N} is added to the seeds. */
class HostileNamesTest {
    private static final int NAMES = 200;
    private static final String[] PIECES = {
        ".git",
        ".GIT",
        ".gitmodules",
        "git~1",
        "GITMOD~1",
        "gi7eba~1",
        ".nogtree",
        ".nog",
        ".",
        "..",
        "~1",
        "~1234567",
        "\\",
        " ",
        "\n",
        "\r",
        "\t",
        "\"",
        "'",
        ":",
        "::$INDEX_ALLOCATION",
        "\u00e2\u0080\u008c",
        "\u00ef\u00bb\u00bf",
        "\u00ff",
        "\u00c0\u00af",
        "\u00ed\u00a0\u0080",
        "\u0001",
        "\u007f",
        "a",
        "Z",
        "-",
        "--",
        "*",
        "?",
        "[",
        "\u00c3\u00bc",
        "con",
        "aux.txt",
        ".mailmap",
        "mailma~1",
        "maba30~1",
        ".gitattributes",
        "HEAD",
        "refs",
        "\u00c4\u00b0"
    };

    @TempDir
    Path directory;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void anyNamesGiveACleanShadowWithExactlyTheNamesThatAreNotHidden(long seed) throws IOException {
        Random random = new Random(Long.getLong("repowatch.seed", seed));
        Set<String> shown = new TreeSet<>();
        try (StorageFixture host = new StorageFixture(directory.toRealPath())) {
            for (int i = 0; i < NAMES; i++) {
                create(host, random, shown);
            }
            host.init(SubdirTracking.ST_ENTER_SUBDIRS);
            host.git().requireClean();
            shown.add(".nogtree");
            shown.add(".gitignore");
            assertThat(host.git().tree("master-stat").keySet())
                    .as("seed %d", seed)
                    .isEqualTo(shown);
            assertThat(host.stat(false))
                    .as("seed %d: a second look finds no change", seed)
                    .isFalse();
        }
    }

    private static void create(StorageFixture host, Random random, Set<String> shown) throws IOException {
        String name = name(random);
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        Path path = PathBytes.resolve(host.data, bytes);
        int kind = random.nextInt(3);
        try {
            switch (kind) {
                case 0 -> Files.createFile(path);
                case 1 -> Files.createSymbolicLink(path, Path.of(random.nextBoolean() ? "x" : "/y/z/"));
                default -> {
                    Files.createDirectory(path);
                    Files.createFile(path.resolve("f"));
                }
            }
        } catch (FileAlreadyExistsException e) {
            return;
        }
        if (!HiddenNames.hides(bytes, kind == 1)) {
            shown.add(kind == 2 ? name + "/f" : name);
            if (kind == 2) {
                shown.add(name + "/.nogtree");
            }
        }
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        int pieces = 1 + random.nextInt(3);
        for (int i = 0; i < pieces; i++) {
            name.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return name.toString().matches("\\.{1,2}") ? "dots" + name : name.toString();
    }
}
