package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.repowatch.SmallDisk;
import io.repowatch.observer.FreezeRequest;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

/** The operator moves; the observer tells what to do and is not fooled. */
class ManualMoveTest {
    private static final String HOSTILE = "it's a $(touch oops) \"new\" place\n; rm -r *\\ \u00fc";

    @TempDir
    Path directory;

    private StorageFixture host;
    private RepoMoves moves;
    private Path to;
    private Path newShadow;
    private UUID workflow;
    private Disposable waiting;
    private final List<String> arrived = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        directory = directory.toRealPath();
        host = new StorageFixture(directory);
        host.file("a.txt", 3);
        host.file("sub/b.txt", 3);
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        host.config = StorageConfig.builder(host.shadowRoot)
                .host("localhost")
                .move(StorageConfig.Move.MANUAL)
                .moveRecheck(Duration.ofSeconds(30))
                .build();
        moves = host.moves(MoveStep.Listener.NONE);
        moveTo(directory.resolve("data/new").resolve(HOSTILE));
    }

    private void moveTo(Path place) {
        to = place;
        newShadow = new ShadowLocation(host.config).target(StorageFixture.REPO, to);
        var move =
                MoveTest.move(host.data.toString(), to.toString(), host.shadow().toString());
        workflow = move.workflow();
        waiting = moves.move(move).subscribe(arrived::add);
        await().until(() -> !progress().isEmpty());
    }

    @AfterEach
    void stop() {
        waiting.dispose();
        host.close();
    }

    private String progress() {
        return moves.progress(workflow);
    }

    /** What is missing, after another look that finds something else than before; "done" if nothing is. */
    private String missing() {
        String before = progress();
        host.timer.advanceTimeBy(Duration.ofSeconds(30));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !arrived.isEmpty() || !progress().equals(before));
        return arrived.isEmpty() ? progress().lines().findFirst().orElseThrow() : "done";
    }

    private List<String> commands() {
        return progress().lines().skip(1).toList();
    }

    private void runCommands() {
        runCommands(commands());
    }

    private void runCommands(List<String> commands) {
        FileFacts.run("bash", "-ec", "cd \"$1\"; " + String.join("\n", commands), "bash", directory.toString());
    }

    @Test
    void thePrintedStepsDoItWhateverTheNamesAre() throws Exception {
        Map<String, String> before = FileFacts.everything(host.data);
        assertThat(progress())
                .startsWith("waits for the operator: the data is still at " + host.data)
                .contains("no shadow at ")
                .contains("fso.realdir of the shadow is " + host.data);
        assertThat(commands().stream().map(line -> line.split(" ")[0]).collect(Collectors.joining(" ")))
                .isEqualTo("mkdir mv git mv");
        runCommands();
        assertThat(missing()).isEqualTo("done");
        assertThat(arrived).containsExactly(newShadow.toString());
        assertThat(FileFacts.everything(to)).isEqualTo(before);
        assertThat(directory.resolve("oops")).doesNotExist();
        assertThat(ShadowRepo.realDirectory(newShadow)).isEqualTo(to.toString());
        assertThat(progress()).isEmpty();
        assertThat(host.table.find(StorageFixture.REPO)).isEmpty();
    }

    /** As root only, for others cannot set the attribute. */
    @Test
    void anImmutableDirectoryIsThawedForItsMoveAndImmutableAgain() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "skipped: only root may set the attribute");
        moveAgain(() -> FileFacts.run("chattr", "+i", host.data.toString()));
        try {
            assertThat(commands().stream().map(line -> line.split(" ")[0]))
                    .containsExactly("mkdir", "chattr", "mv", "chattr", "git", "mv");
            assertThat(commands().get(1)).isEqualTo("chattr -i " + ShellQuote.of(host.data.toString()));
            String last = commands().get(3);
            assertThat(last).isEqualTo("chattr +i " + ShellQuote.of(to.toString()));
            runCommands(commands().stream().filter(line -> !line.equals(last)).toList());
            assertThat(missing()).contains("the data has not yet the attributes that it had, i; give it them");
            assertThat(commands()).containsExactly(last);
            runCommands();
            assertThat(missing()).isEqualTo("done");
            assertThat(FileFacts.run("sh", "-c", "cd \"$1\"; lsattr -d . a.txt", "sh", to.toString()))
                    .matches("----i.* \\.\n-----[^i]* a.txt\n");
        } finally {
            FileFacts.thaw(host.data);
            FileFacts.thaw(to);
        }
    }

    /** Of a frozen repo nothing can be removed from the file system that it leaves. */
    @Test
    void frozenDataIsThawedAsAWholeWhereItGoesToAnotherFileSystem() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(Files.createDirectory(directory.resolve("disk")), 1024)) {
            to = disk.path().resolve("it's new");
            moveAgain(() -> host.processor(FreezeStep.Listener.NONE)
                    .enable(host.info())
                    .then(host.processor(FreezeStep.Listener.NONE)
                            .freeze(new FreezeRequest(StorageFixture.REPO, new UUID(7, 8), "A", "a@example.org")))
                    .block(StorageFixture.LONG));
            Map<String, String> before = FileFacts.attributes(host.data);
            assertThat(before.values()).allMatch(facts -> facts.endsWith(" i"));
            runCommands();
            assertThat(missing()).isEqualTo("done");
            assertThat(FileFacts.attributes(to).values()).containsExactlyElementsOf(before.values());
            FileFacts.thaw(to);
        } finally {
            FileFacts.thaw(host.data);
        }
    }

    private void moveAgain(Runnable before) {
        waiting.dispose();
        before.run();
        moveTo(to);
    }

    @Test
    void d21_aCopyThatStillRunsIsNotTakenForFinished() throws Exception {
        Files.createDirectories(to);
        FileFacts.run("cp", "-a", host.data.resolve("a.txt").toString(), to.toString());
        FileFacts.run("cp", "-a", host.shadow().toString(), newShadow.toString());
        assertThat(missing())
                .contains("the data is still at")
                .contains("the shadow is still at")
                .contains("fso.realdir");
        FileFacts.run(
                "git", "config", "--file", newShadow.resolve(".git/config").toString(), "fso.realdir", to.toString());
        FileFacts.run("rm", "-r", host.shadow().toString());
        assertThat(missing()).contains("the data is still at").doesNotContain("shadow");
        FileFacts.run("rm", "-r", host.data.toString());
        assertThat(missing())
                .contains("has 1 directories, 1 files, 0 links, 0 others, 3 bytes instead of 2 directories, 2 files")
                .contains("run: rm -- " + ShellQuote.of(newShadow + ".move-" + workflow));
        Files.createDirectory(to.resolve("sub"));
        Files.write(to.resolve("sub/b.txt"), new byte[3]);
        assertThat(missing()).isEqualTo("done");
    }

    @Test
    void theShadowOfAnotherRepoIsNotAccepted() throws Exception {
        runCommands();
        Files.writeString(newShadow.resolve(".git/fso/uuid"), new UUID(3, 3) + "\n");
        assertThat(missing()).contains("the shadow is not the one of repo " + StorageFixture.REPO);
        Files.writeString(newShadow.resolve(".git/fso/uuid"), StorageFixture.REPO + "\n", StandardCharsets.UTF_8);
        assertThat(missing()).isEqualTo("done");
    }

    @Test
    void waitingHoldsNeitherAThreadNorTheLock() {
        Integer other = host.table
                .withLock(StorageFixture.REPO, () -> reactor.core.publisher.Mono.just(1))
                .block(Duration.ofSeconds(10));
        assertThat(other).isEqualTo(1);
        waiting.dispose();
        assertThat(arrived).isEmpty();
    }
}
