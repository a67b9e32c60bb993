package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OddInputsTest {
    private static final SubdirTracking ENTER = SubdirTracking.ST_ENTER_SUBDIRS;

    @TempDir
    Path directory;

    private StorageFixture host;

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(directory.toRealPath());
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Path raw(String latin1) {
        return PathBytes.resolve(host.data, latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void shell(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .directory(host.data.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @Test
    void newlinesQuotesAndBytesThatAreNoTextKeepTheirNames() throws IOException {
        List<String> names = List.of(
                "new\nline", "tab\t\"q\"\\b", " lead and trail ", "-rf", "a\u00ff\u00feb", "\u00c3\u00bc", "\u0001");
        for (String name : names) {
            Files.createFile(raw(name));
        }
        Files.createSymbolicLink(raw("link"), host.data.relativize(raw("t\u00ff")));
        host.init(ENTER);

        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet()).containsAll(names).hasSize(names.size() + 3);
        assertThat(git.show("master-stat", "new\nline")).startsWith("name: \"new\\nline\"\n");
        assertThat(git.show("master-stat", "tab\t\"q\"\\b")).startsWith("name: \"tab\\t\\\"q\\\"\\\\b\"\n");
        assertThat(git.show("master-stat", "\u0001")).startsWith("name: \"\\u0001\"\n");
        assertThat(git.show("master-stat", "ü")).startsWith("name: \"ü\"\n");
        assertThat(new String(git.bytes("show", "master-stat:link"), StandardCharsets.ISO_8859_1))
                .isEqualTo("t\u00ff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
    void theLocaleOfTheProcessDoesNotChangeTheResult(String locale) throws Exception {
        List<String> names = List.of("plain", "\u00c3\u00bc", "a\u00ff\u00feb", "d\u00c3\u00a4/f\u00c3\u00b6");
        for (String name : names) {
            Files.createDirectories(raw(name).getParent());
            Files.createFile(raw(name));
        }
        Files.createSymbolicLink(raw("link"), Path.of("\u00fc\u00df/"));
        ChildJvm.Result result =
                new ChildJvm().locale(locale).run("init", host.shadowRoot.toString(), host.data.toString());
        assertThat(result.exit()).as(result.output()).isZero();
        host.git().requireClean();
        assertThat(host.git().tree("master-stat").keySet())
                .containsExactlyInAnyOrder(
                        ".gitignore",
                        ".nogtree",
                        "d\u00c3\u00a4/.nogtree",
                        "d\u00c3\u00a4/f\u00c3\u00b6",
                        "a\u00ff\u00feb",
                        "link",
                        "plain",
                        "\u00c3\u00bc");
        assertThat(host.git().show("master-stat", "link")).isEqualTo("üß");
        assertThat(host.git().show("master-stat", "ü")).startsWith("name: \"ü\"\n");
    }

    @Test
    void aShadowPathThatTheLocaleCannotNameIsAClearStrongError() throws Exception {
        StorageFixture umlaut = new StorageFixture(directory.toRealPath());
        // The text reaches the child through a file, because arguments pass through its locale.
        Path list = Files.writeString(directory.resolve("name"), umlaut.data + "/ü");
        Files.createDirectory(umlaut.data.resolve("ü"));
        ChildJvm.Result result = new ChildJvm().locale("C").run("init", umlaut.shadowRoot.toString(), "@" + list);
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.output()).startsWith("StrongError ").contains("LC_ALL=C.UTF-8");
        assertThat(umlaut.shadowRoot).doesNotExist();
        umlaut.close();
    }

    @Test
    void namesThatGitReservesAreHiddenButCounted() throws Exception {
        List<String> hidden = List.of(
                ".git",
                ".GIT",
                ".Git",
                ".gitmodules",
                ".gitattributes",
                ".gitignore",
                ".GITMODULES",
                "git~1",
                "GIT~2",
                "gitmod~1",
                "GI7EBA~1",
                ".g\u200cit",
                ".gi\u200dtmodules",
                ".git ",
                ".git.",
                ".git::$INDEX_ALLOCATION",
                "x\\.git",
                ".nogtree",
                ".nogbundles",
                ".NOG");
        for (String name : hidden) {
            Files.createFile(host.data.resolve(name));
            Files.createDirectories(host.data.resolve("d-as-dir"));
            Files.createDirectory(host.data.resolve("d-as-dir").resolve(name));
            Files.createFile(host.data.resolve("d-as-dir").resolve(name).resolve("below"));
            Files.createDirectories(host.data.resolve("l-as-link"));
            Files.createSymbolicLink(host.data.resolve("l-as-link").resolve(name), Path.of("somewhere"));
        }
        host.file("l-as-link/.mailmap-not", 1);
        Files.createSymbolicLink(host.data.resolve("l-as-link/.mailmap"), Path.of("x"));
        host.file("shown", 1);
        host.file("gitarre", 1);
        host.file("git", 1);
        host.init(ENTER);

        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet())
                .containsExactlyInAnyOrder(
                        ".gitignore",
                        ".nogtree",
                        "git",
                        "gitarre",
                        "shown",
                        "l-as-link/.nogtree",
                        "l-as-link/.mailmap-not");
        assertThat(git.show("master-stat", ".nogtree"))
                .contains("dirs: " + (3 + hidden.size()) + "\n")
                .contains("files: " + (2 * hidden.size() + 4) + "\n")
                .contains("links: " + (hidden.size() + 1) + "\n");
    }

    @Test
    void nestedGitReposAreSummedUpWithTheirCommit() throws Exception {
        shell("git init -q nested && cd nested && echo hi > f && git add f"
                + " && git -c user.name=n -c user.email=n@n commit -q -m m"
                + " && git worktree add -q ../tree -b side && git pack-refs --all");
        shell("git init -q unborn && echo x > unborn/f");
        shell("mkdir fake && echo junk > fake/.git && echo x > fake/f");
        shell("mkdir hollow && mkdir hollow/.git && echo x > hollow/f");
        String head = new GitCommand(host.data.resolve("nested"))
                .run("rev-parse", "HEAD")
                .strip();
        host.init(ENTER);

        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet())
                .containsExactlyInAnyOrder(
                        ".gitignore",
                        ".nogtree",
                        "nested",
                        "tree",
                        "unborn",
                        "fake/.nogtree",
                        "fake/f",
                        "hollow/.nogtree",
                        "hollow/f");
        assertThat(git.show("master-stat", "nested").lines().map(line -> line.replaceAll(":.*", "")))
                .containsExactly("name", "mtime", "dirs", "files", "links", "others", "size", "submodule");
        assertThat(git.show("master-stat", "nested")).endsWith("submodule: " + head + "\n");
        assertThat(git.show("master-stat", "tree")).endsWith("submodule: " + head + "\n");
        assertThat(git.show("master-stat", "unborn"))
                .startsWith("name: \"unborn\"\n")
                .doesNotContain("submodule");
    }

    @Test
    void aDataDirectoryThatIsAGitRepoNamesItsCommitAndSumsItsGitDirectory() throws Exception {
        shell("git init -q . && echo hi > f && git add f && git -c user.name=n -c user.email=n@n commit -q -m m");
        String head = new GitCommand(host.data).run("rev-parse", "HEAD").strip();
        host.init(ENTER);

        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.tree("master-stat").keySet()).containsExactlyInAnyOrder(".gitignore", ".nogtree", "f");
        assertThat(git.show("master-stat", ".nogtree").lines().map(line -> line.replaceAll(":.*", "")))
                .containsExactly(
                        "name",
                        "mtime",
                        "dirs",
                        "files",
                        "links",
                        "others",
                        "size",
                        "mtime_min",
                        "mtime_max",
                        "attrs",
                        "git",
                        "git_mtime",
                        "git_dirs",
                        "git_files",
                        "git_links",
                        "git_others",
                        "git_size");
        assertThat(git.show("master-stat", ".nogtree")).contains("\ngit: " + head + "\n");
    }

    @Test
    void pipesAndSocketsAreOnlyCounted() throws Exception {
        shell(
                "mkfifo pipe; mkdir only; mkfifo only/pipe; mkdir repo repo/.git; mkfifo repo/.git/HEAD; echo x > repo/f");
        host.init(ENTER);
        host.git().requireClean();
        assertThat(host.git().tree("master-stat").keySet())
                .containsExactlyInAnyOrder(".gitignore", ".nogtree", "repo/.nogtree", "repo/f");
        assertThat(host.git().show("master-stat", ".nogtree")).contains("others: 3\n");
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Files.createSymbolicLink(host.data.resolve("loop"), Path.of("."));
        Files.createSymbolicLink(host.data.resolve("dangling"), Path.of("nowhere/\nat all"));
        Files.createSymbolicLink(host.data.resolve("outside"), Path.of("../.."));
        host.init(ENTER);
        host.git().requireClean();
        assertThat(host.git().show("master-stat", "loop")).isEqualTo(".");
        assertThat(host.git().show("master-stat", "dangling")).isEqualTo("nowhere/\nat all");
    }

    @Test
    void aVeryDeepDirectoryIsWalkedWithoutRecursion() throws Exception {
        shell("p=.; i=0; while [ $i -lt 900 ]; do p=$p/d; i=$((i+1)); done; mkdir -p $p; echo x > $p/f");
        host.init(ENTER);
        host.git().requireClean();
        assertThat(host.git().tree("master-stat")).hasSize(4);
    }

    @Test
    void aDirectoryThatVanishesMidwayIsAWeakErrorAndLeavesNoHalfShadow() throws Exception {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(host.data.resolve("f" + i));
        }
        host.progress = (repo, entries, bytes) -> {
            try {
                Files.move(host.data, host.data.resolveSibling("away"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        assertThatThrownBy(() -> host.init(ENTER))
                .isInstanceOf(WeakError.class)
                .hasMessageContaining("vanished or replaced");
        assertThat(host.leftovers()).isEmpty();
        assertThat(host.confirmed).isEmpty();
    }

    @Test
    void aFileThatVanishesMidwayIsSimplyGone() throws Exception {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(host.data.resolve("f" + i));
        }
        host.progress = (repo, entries, bytes) -> {
            try (var files = Files.list(host.data)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        host.init(ENTER);
        host.git().requireClean();
        assertThat(host.git().tree("master-stat").size()).isBetween(2, 2900);
    }

    @Test
    void aDirectoryThatMayNotBeReadIsAStrongErrorThatNamesItAndNothingIsCommitted() throws Exception {
        host.file("open/f", 1);
        host.file("closed/secret/f", 1);
        // What may not be opened can still be looked at: the walk reads no file.
        host.file("unreadable", 7);
        Files.setPosixFilePermissions(host.data.resolve("unreadable"), PosixFilePermissions.fromString("---------"));
        for (Path path : List.of(directory, host.data.getParent(), host.data)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path closed = host.data.resolve("closed/secret");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        Path shadows = Files.createDirectory(directory.resolve("theirs"));
        Files.setPosixFilePermissions(shadows, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxr-xr-x"));

        ChildJvm child = new ChildJvm().unprivileged(programs);
        ChildJvm.Result refused = child.run("init", shadows.toString(), host.data.toString());
        assertThat(refused.output())
                .isEqualTo("StrongError permission denied; allow reading it, then clear the error: " + closed + "\n");
        try (var left = Files.walk(shadows)) {
            assertThat(left.filter(path -> path.toString().contains(".fso"))).isEmpty();
        }

        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        ChildJvm.Result done = child.run("init", shadows.toString(), host.data.toString());
        assertThat(done.output()).startsWith("done ");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r--r--r--"));
        ChildJvm.Result stat = child.run("stat", shadows.toString(), host.data.toString());
        assertThat(stat.output()).startsWith("StrongError permission denied").contains(closed.toString());
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
