package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of shadows: at rest, committed to, moved, being made, and damaged. */
class ShadowCopyTest {
    @TempDir
    Path temp;

    private StorageFixture host;
    private Path target = Path.of("");

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(temp.toRealPath());
        host.file("a.txt", 3);
        host.file("sub/b.txt", 3);
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        target = temp.toRealPath().resolve("copy");
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private int copy() throws IOException {
        return ShadowCopy.copy(host.shadowRoot, target);
    }

    private Path copied() {
        return target.resolve(host.shadowRoot.relativize(host.shadow()));
    }

    @Test
    void aShadowIsCopiedWithItsHistoryTimesAndPermissions() throws IOException {
        host.file("c.txt", 7);
        host.stat(false);
        assertThat(copy()).isEqualTo(1);
        GitCommand git = new GitCommand(copied());
        git.requireClean();
        assertThat(git.run("log", "--format=%H", "master-stat"))
                .isEqualTo(host.git().run("log", "--format=%H", "master-stat"));
        assertThat(git.run("for-each-ref")).isEqualTo(host.git().run("for-each-ref"));
        for (String file : new String[] {".git/fso/uuid", ".git/config"}) {
            assertThat(microseconds(copied().resolve(file)))
                    .isEqualTo(microseconds(host.shadow().resolve(file)));
            assertThat(Files.getPosixFilePermissions(copied().resolve(file)))
                    .isEqualTo(Files.getPosixFilePermissions(host.shadow().resolve(file)));
        }
        assertThat(Files.getPosixFilePermissions(copied())).isEqualTo(Files.getPosixFilePermissions(host.shadow()));
    }

    private static long microseconds(Path file) throws IOException {
        return Files.getLastModifiedTime(file).to(TimeUnit.MICROSECONDS);
    }

    @Test
    void noShadowsAreNoError() throws IOException {
        assertThat(ShadowCopy.copy(temp.resolve("nothing"), target)).isZero();
        assertThat(target).doesNotExist();
    }

    @Test
    void copiesMadeWhileItIsCommittedToAreWhole() throws IOException, InterruptedException {
        AtomicBoolean end = new AtomicBoolean();
        AtomicInteger commits = new AtomicInteger();
        Thread writer = new Thread(() -> {
            try {
                while (!end.get()) {
                    host.file("f" + commits.incrementAndGet(), 5);
                    host.stat(false);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        try {
            for (int i = 0; i < 8; i++) {
                target = temp.toRealPath().resolve("copy" + i);
                assertThat(copy()).isEqualTo(1);
                // Objects that no branch names yet may be there, what a branch names must be.
                assertThat(new GitCommand(copied()).run("fsck", "--strict", "--no-progress", "--no-dangling"))
                        .isEmpty();
                new GitCommand(copied()).run("rev-list", "--objects", "--all");
            }
        } finally {
            end.set(true);
            writer.join();
        }
        assertThat(commits.get()).as("something was committed meanwhile").isGreaterThan(2);
    }

    @Test
    void whatIsUnderWayIsLeftOut() throws IOException {
        Path making = host.shadow().resolveSibling(host.shadow().getFileName() + ".__tmp__1_2__");
        Files.createDirectories(making.resolve(".git/objects"));
        Files.createFile(host.shadow().resolve(".git/refs/heads/master-stat.lock"));
        Files.createFile(host.shadow().resolve(".git/objects/insert_1.pack"));
        assertThat(copy()).isEqualTo(1);
        try (Stream<Path> paths = Files.walk(target)) {
            assertThat(paths.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.contains("__tmp__") || name.endsWith(".lock") || name.startsWith("insert"));
        }
    }

    @Test
    void aShadowThatMovesMeanwhileIsFoundWhereItWent() throws IOException {
        // Beside the root's first directory, which was looked at before.
        Path elsewhere = host.shadowRoot.resolve(host.shadow().getFileName());
        assertThat(ShadowCopy.copy(host.shadowRoot, target, shadow -> {
                    if (shadow.equals(host.shadow())) {
                        move(shadow, elsewhere);
                    }
                }))
                .isEqualTo(1);
        new GitCommand(target.resolve(host.shadow().getFileName())).requireClean();
        assertThat(copied()).doesNotExist();
    }

    @Test
    void aShadowThatMovesAgainAndAgainIsAnError() {
        Path[] places = {host.shadow(), host.shadow().resolveSibling("other.fso")};
        assertThatThrownBy(() -> ShadowCopy.copy(
                        host.shadowRoot,
                        target,
                        shadow -> move(shadow, shadow.equals(places[0]) ? places[1] : places[0])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("moved again and again");
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (NoSuchFileException e) {
            // It has been moved already.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void damagedPacksAreNamed() throws IOException {
        Path pack;
        try (Stream<Path> packs = Files.list(host.shadow().resolve(".git/objects/pack"))) {
            pack = packs.filter(path -> path.toString().endsWith(".pack"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        pack.toFile().setWritable(true);
        Files.write(pack, bytes);
        assertThatThrownBy(this::copy)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(pack.toString())
                .hasMessageContaining("fails its checksum");
    }

    @Test
    void shadowsWithoutTheirBranchesOrTheirIdAreNamed() throws IOException {
        Path refs = host.shadow().resolve(".git/packed-refs");
        String content = Files.readString(refs);
        Files.delete(refs);
        assertThatThrownBy(this::copy)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(host.shadow() + " is damaged");
        Files.writeString(refs, content);
        Files.delete(host.shadow().resolve(".git/fso/uuid"));
        target = target.resolveSibling("second");
        assertThatThrownBy(this::copy)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(host.shadow() + " is damaged");
    }
}
