package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatOperationTest {
    @TempDir
    Path directory;

    private StorageFixture host;

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(directory.toRealPath());
        host.file("a.txt", 3);
        host.file("sub/b.txt", 4);
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        host.now = host.now.plus(Duration.ofDays(1));
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private String head() {
        return host.git().run("rev-parse", "master-stat");
    }

    private void requireUntouched(String before) {
        assertThat(head()).isEqualTo(before);
        host.git().requireClean();
    }

    @Test
    void withoutAChangeThereIsNoCommit() {
        String before = head();
        assertThat(host.stat(false)).isFalse();
        requireUntouched(before);
        assertThat(host.shadow().resolve(".git/objects/pack")).isDirectoryNotContaining("glob:**/insert*");
    }

    @Test
    void changesAreCommittedInTheNameOfWhoAsked() throws IOException {
        host.file("a.txt", 30);
        host.file("new/c.txt", 5);
        Files.delete(host.data.resolve("sub/b.txt"));
        assertThat(host.stat(false)).isTrue();
        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.run("log", "-1", "--format=%s|%an <%ae>|%cn <%ce>", "master-stat"))
                .isEqualTo(
                        "stat 2026-03-05T05:06:07Z|Requester <requester@example.org>|repowatch <repowatch@localhost>\n");
        assertThat(git.tree("master-stat").keySet())
                .containsExactlyInAnyOrder(".gitignore", ".nogtree", "a.txt", "new/.nogtree", "new/c.txt");
        assertThat(git.run("rev-list", "--all", "--max-parents=0")).hasLineCount(1);
        assertThat(host.stat(false)).isFalse();
    }

    @Test
    void theMtimeRangeAloneRenewsOnlyTheSummaryOfTheWhole() throws IOException {
        host.file("a.txt", 30);
        Files.setLastModifiedTime(host.data.resolve("a.txt"), FileTime.fromMillis(1_600_000_000_000L));
        host.touch(host.data);
        assertThat(host.stat(true)).isTrue();
        GitCommand git = host.git();
        git.requireClean();
        assertThat(git.run("log", "-1", "--format=%s", "master-stat"))
                .isEqualTo("stat 2026-03-05T05:06:07Z: mtime range\n");
        assertThat(git.run("diff", "--name-only", "master-stat^", "master-stat"))
                .isEqualTo(".nogtree\n");
        assertThat(git.show("master-stat", ".nogtree"))
                .contains("mtime_min: 1600000000\n")
                .contains("size: 34\n");
        assertThat(host.stat(true)).isFalse();
        assertThat(host.stat(false)).as("the files are still to be done").isTrue();
    }

    @Test
    void d30_aMissingDirectoryIsNeverCommittedAsAllDeleted() throws IOException {
        String before = head();
        Files.move(host.data, host.data.resolveSibling("away"));
        assertThatThrownBy(() -> host.stat(false))
                .isInstanceOf(StrongError.class)
                .hasMessageStartingWith("no such directory; create or mount it");
        assertThatThrownBy(() -> host.stat(true)).isInstanceOf(StrongError.class);
        requireUntouched(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = SubdirTracking.class,
            names = {"UNRECOGNIZED"},
            mode = EnumSource.Mode.EXCLUDE)
    void d30_anEmptyMountPointInItsPlaceIsRefusedInEveryMode(SubdirTracking tracking) throws IOException {
        StorageFixture other = new StorageFixture(directory.toRealPath().resolve("other"));
        other.file("sub/b.txt", 4);
        other.init(tracking);
        String before = other.git().run("rev-parse", "master-stat");
        Files.move(other.data, other.data.resolveSibling("away"));
        Files.createDirectory(other.data);
        assertThatThrownBy(() -> other.stat(false))
                .isInstanceOf(StrongError.class)
                .hasMessageStartingWith("not mounted?");
        assertThatThrownBy(() -> other.stat(true)).isInstanceOf(StrongError.class);
        assertThat(other.git().run("rev-parse", "master-stat")).isEqualTo(before);
        other.close();
    }

    @Test
    void d30_aMountPointWithANoteInItIsRefusedToo() throws IOException {
        String before = head();
        Files.move(host.data, host.data.resolveSibling("away"));
        Files.createDirectory(host.data);
        host.file("NOT-MOUNTED", 0);
        assertThatThrownBy(() -> host.stat(false)).hasMessageStartingWith("not mounted?");
        requireUntouched(before);
        // The advice of the message helps.
        Files.delete(host.shadow().resolve(".git/fso/realdir-id"));
        assertThat(host.stat(false)).isTrue();
        assertThat(host.git().tree("master-stat")).containsKey("NOT-MOUNTED").doesNotContainKey("a.txt");
    }

    @Test
    void d30_aDirectoryThatWasReallyEmptiedIsCommitted() throws IOException {
        Files.delete(host.data.resolve("a.txt"));
        Files.delete(host.data.resolve("sub/b.txt"));
        Files.delete(host.data.resolve("sub"));
        assertThat(host.stat(false)).isTrue();
        assertThat(host.git().tree("master-stat").keySet()).containsExactlyInAnyOrder(".gitignore", ".nogtree");
    }

    @Test
    void d30_anotherDirectoryWithTheSameContentIsTakenAndRemembered() throws IOException {
        Files.move(host.data, host.data.resolveSibling("away"));
        Files.createDirectory(host.data);
        host.file("a.txt", 3);
        assertThat(host.stat(false)).isTrue();
        // It is the known one now: emptying it is no unmounting.
        Files.delete(host.data.resolve("a.txt"));
        assertThat(host.stat(false)).isTrue();
    }

    @Test
    void d30_aRealUnmountIsRefused() throws Exception {
        ChildJvm.requireProgram("unshare", "to mount a file system of its own");
        Path point = Files.createDirectories(directory.toRealPath().resolve("mnt/p"));
        String[] mounts = System.getProperty("user.name").equals("root")
                ? new String[] {"unshare", "-m"}
                : new String[] {"unshare", "-rm"};
        Path shadows = directory.resolve("mounted-shadow");
        String script = "mount -t tmpfs none \"$1\" || { echo cannot mount, which this test needs; exit 99; };"
                + " echo x > \"$1/f\"; shift 1; \"$@\"";
        ChildJvm.Result init = new ChildJvm()
                .behind(mounts)
                .behind("sh", "-c", script, "sh", point.toString())
                .run("init", shadows.toString(), point.toString());
        assertThat(init.exit()).as(init.output()).isZero();
        // With the namespace of the first child its mount is gone.
        ChildJvm.Result stat = new ChildJvm().run("stat", shadows.toString(), point.toString());
        assertThat(stat.output()).startsWith("StrongError not mounted?");
    }

    @Test
    void aDirectoryThatVanishesMidwayIsAWeakErrorAndNothingIsCommitted() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(host.data.resolve("f" + i));
        }
        String before = head();
        host.progress = (repo, entries, bytes) -> {
            try {
                Files.move(host.data, host.data.resolveSibling("away"));
                Files.createDirectory(host.data);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        assertThatThrownBy(() -> host.stat(false))
                .isInstanceOf(WeakError.class)
                .hasMessageContaining("vanished or replaced");
        requireUntouched(before);
    }

    @Test
    void d39_aWalkThatIsToldToStopCommitsNothing() throws IOException {
        host.file("new", 1);
        String before = head();
        assertThatThrownBy(() -> host.statOperation().run(host.request(false), () -> true))
                .isInstanceOf(CancellationException.class);
        requireUntouched(before);
    }

    @Test
    void whatAKilledStatLeftIsClearedAway() throws IOException {
        Path git = host.shadow().resolve(".git");
        Files.writeString(git.resolve("objects/insert_123.pack"), "half");
        Path lock = Files.createFile(git.resolve("refs/heads/master-stat.lock"));
        host.file("new", 1);
        Files.setLastModifiedTime(lock, FileTime.from(host.now.minusSeconds(30)));
        assertThatThrownBy(() -> host.stat(false))
                .as("a young lock may be somebody's")
                .isInstanceOf(WeakError.class)
                .hasMessageContaining("LOCK_FAILURE");
        Files.setLastModifiedTime(lock, FileTime.from(host.now.minusSeconds(61)));
        assertThat(host.stat(false)).isTrue();
        assertThat(git.resolve("objects/insert_123.pack")).doesNotExist();
        host.git().requireClean();
    }

    @Test
    void aShadowOfAnotherRepoIsNeverWrittenTo() throws IOException {
        Files.writeString(host.shadow().resolve(".git/fso/uuid"), "99999999-2222-4333-8444-555555555555\n");
        host.file("new", 1);
        String before = head();
        assertThatThrownBy(() -> host.stat(false))
                .isInstanceOf(StrongError.class)
                .hasMessageContaining("no shadow of repo");
        requireUntouched(before);
    }

    @Test
    void longWalksReportEntriesAndBytes() throws IOException {
        for (int i = 0; i < 2500; i++) {
            Files.write(host.data.resolve("f" + i), new byte[2]);
        }
        List<String> heard = new ArrayList<>();
        host.progress = (repo, entries, bytes) -> heard.add(entries + " " + (bytes > 0));
        host.stat(false);
        assertThat(heard).containsExactly("1000 true", "2000 true", "2504 true");
    }
}
