package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubdirTrackingTest {
    private static final String EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    @TempDir
    Path directory;

    private StorageFixture host;

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(directory.toRealPath());
        host.file("README.md", 10);
        host.file("b \"q\".txt", 20);
        host.file("sub/c.bin", 30);
        host.file("sub/deep/d.bin", 40);
        host.file("only/dirs/e.bin", 50);
        Files.createDirectories(host.data.resolve("empty/none"));
        Files.createSymbolicLink(host.data.resolve("sub/link"), Path.of("c.bin"));
        Files.createLink(host.data.resolve("sub/hard"), host.data.resolve("b \"q\".txt"));
        try (var all = Files.walk(host.data)) {
            for (Path path : all.filter(p -> !Files.isSymbolicLink(p)).toList()) {
                host.touch(path);
            }
        }
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static String root(String counts, String range) {
        return "name: \"root\"\nmtime: 1700000000\n" + counts + range + "attrs: \"\"\n";
    }

    private String expectedRoot() throws IOException {
        // The link alone has a time of its own.
        long link = Files.getLastModifiedTime(host.data.resolve("sub/link"), LinkOption.NOFOLLOW_LINKS)
                .to(TimeUnit.SECONDS);
        return root(
                "dirs: 7\nfiles: 6\nlinks: 1\nothers: 0\nsize: 150\n",
                "mtime_min: 1700000000\nmtime_max: " + link + "\n");
    }

    @Test
    void enterSubdirsTracksEverything() throws IOException {
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet())
                .containsExactlyInAnyOrder(
                        ".gitignore",
                        ".nogtree",
                        "README.md",
                        "b \"q\".txt",
                        "only/dirs/.nogtree",
                        "only/dirs/e.bin",
                        "sub/.nogtree",
                        "sub/c.bin",
                        "sub/deep/.nogtree",
                        "sub/deep/d.bin",
                        "sub/hard",
                        "sub/link");
        assertThat(git.tree("master-stub")).isEqualTo(Map.of(".gitignore", "100644 " + EMPTY));
        assertThat(git.show("master-stat", ".nogtree")).isEqualTo(expectedRoot());
        assertThat(git.show("master-stat", "b \"q\".txt"))
                .isEqualTo("name: \"b \\\"q\\\".txt\"\nsize: 20\nmtime: 1700000000\n");
        assertThat(git.show("master-stat", "sub/.nogtree")).isEqualTo("name: \"sub\"\nmtime: 1700000000\n");
        assertThat(git.tree("master-stat").get("sub/link")).startsWith("120000 ");
        assertThat(git.show("master-stat", "sub/link")).isEqualTo("c.bin");
    }

    @Test
    void bundleSubdirsSumsUpEachDirectSubdirectory() throws IOException {
        host.init(SubdirTracking.ST_BUNDLE_SUBDIRS);
        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet())
                .containsExactlyInAnyOrder(
                        ".gitattributes",
                        ".gitignore",
                        ".nogbundles",
                        ".nogtree",
                        "README.md",
                        "b \"q\".txt",
                        "empty",
                        "only",
                        "sub");
        assertThat(git.show("master-stub", ".gitignore")).isEqualTo("/*/\n");
        assertThat(git.show("master-stub", ".gitattributes")).isEqualTo("/*/ nogbundle\n");
        assertThat(git.show("master-stub", ".nogbundles")).isEqualTo("/*/\n");
        assertThat(git.show("master-stat", "sub"))
                .isEqualTo("name: \"sub\"\nmtime: 1700000000\ndirs: 2\nfiles: 3\nlinks: 1\nothers: 0\nsize: 90\n");
        assertThat(git.show("master-stat", "only"))
                .isEqualTo("name: \"only\"\nmtime: 1700000000\ndirs: 2\nfiles: 1\nlinks: 0\nothers: 0\nsize: 50\n");
        assertThat(git.tree("master-stat").get("sub")).startsWith("100644 ");
        assertThat(git.show("master-stat", ".nogtree")).isEqualTo(expectedRoot());
    }

    @Test
    void ignoreSubdirsTracksTopLevelFiles() throws IOException {
        host.init(SubdirTracking.ST_IGNORE_SUBDIRS);
        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet())
                .containsExactlyInAnyOrder(".gitignore", ".nogtree", "README.md", "b \"q\".txt");
        assertThat(git.show("master-stub", ".gitignore")).isEqualTo("/*/\n");
        assertThat(git.show("master-stat", ".nogtree")).isEqualTo(expectedRoot());
    }

    @Test
    void ignoreMostTracksTheReadmeOnly() throws IOException {
        host.init(SubdirTracking.ST_IGNORE_MOST);
        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet()).containsExactlyInAnyOrder(".gitignore", ".nogtree", "README.md");
        assertThat(git.show("master-stub", ".gitignore")).startsWith("/*\n").contains("!/README.md\n!/README.txt\n");
        assertThat(git.show("master-stat", ".nogtree")).isEqualTo(expectedRoot());
    }

    @ParameterizedTest
    @EnumSource(
            value = SubdirTracking.class,
            names = {"UNRECOGNIZED"},
            mode = EnumSource.Mode.EXCLUDE)
    void theModeIsFoundAgainInTheStub(SubdirTracking tracking) {
        host.init(tracking);
        assertThat(host.stat(false)).isFalse();
    }

    @Test
    void anUnspecifiedModeEntersEverything() {
        host.init(SubdirTracking.ST_UNSPECIFIED);
        assertThat(host.git().tree("master-stat")).containsKey("sub/deep/d.bin");
    }
}
