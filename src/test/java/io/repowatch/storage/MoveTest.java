package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.SmallDisk;
import io.repowatch.id.GlobalPath;
import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoMove;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves between two file systems in memory, and within one. */
class MoveTest {
    private static final UUID WORKFLOW = new UUID(0x1234, 0x5678);

    @TempDir
    Path directory;

    private SmallDisk first;
    private SmallDisk second;
    private StorageFixture host;
    private Path data;
    private Path shadow;

    /** Like a killed process: no clean-up runs. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void start() throws Exception {
        directory = directory.toRealPath();
        first = SmallDisk.mount(directory, 64 * 1024);
        second = SmallDisk.mount(Files.createDirectory(directory.resolve("b")), 4 * 1024);
        host = new StorageFixture(directory);
        data = host.data;
        host.config = StorageConfig.builder(host.shadowRoot)
                .host("localhost")
                .shadowRootAlt(java.util.List.of(directory.resolve("b/shadow")))
                .build();
        fill();
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        shadow = host.shadow();
    }

    private void fill() throws IOException {
        host.file("a.txt", 3000);
        host.file("sub/b.txt", 3);
        host.file("sub/deep/c.txt", 0);
        host.file("private/d.txt", 70_000);
        Files.createLink(data.resolve("sub/again.txt"), data.resolve("a.txt"));
        Files.createLink(data.resolve("private/again.txt"), data.resolve("a.txt"));
        Files.createSymbolicLink(data.resolve("link"), Path.of("sub/b.txt"));
        Files.createSymbolicLink(data.resolve("sub/far"), Path.of("/etc"));
        FileFacts.run("mkfifo", data.resolve("pipe").toString());
        FileFacts.run("chmod", "6751", data.resolve("sub/b.txt").toString());
        FileFacts.run("chmod", "2710", data.resolve("private").toString());
        FileFacts.run("chown", "-h", "1234:5678", data.resolve("sub/far").toString());
        FileFacts.run("chown", "4321:8765", data.resolve("private/d.txt").toString());
        Files.getFileAttributeView(data.resolve("sub/b.txt"), UserDefinedFileAttributeView.class)
                .write("colour", StandardCharsets.UTF_8.encode("green"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(data.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(2 << 20);
            sparse.seek(1 << 20);
            sparse.write(1);
        }
        host.touch(data.resolve("sub/deep/c.txt"));
        host.touch(data.resolve("private/again.txt"));
    }

    @AfterEach
    void stop() throws Exception {
        if (host != null) {
            host.close();
        }
        if (second != null) {
            second.close();
        }
        if (first != null) {
            first.close();
        }
    }

    static RepoMove move(String from, String to, String oldShadow) {
        return new RepoMove(
                StorageFixture.REPO,
                WORKFLOW,
                "reg",
                GlobalPath.parse("/g/p"),
                GlobalPath.parse("/g/q"),
                "localhost",
                from,
                to,
                oldShadow);
    }

    private RepoMove move(Path to) {
        return move(data.toString(), to.toString(), shadow.toString());
    }

    private Path moved(Path to, MoveStep.Listener steps) {
        return Path.of(host.moves(steps).move(move(to)).block(StorageFixture.LONG));
    }

    private Path place(boolean across, String name) {
        return directory.resolve(across ? "b/new/" + name : "data/new/" + name);
    }

    private void requireMoved(Path to, Map<String, String> before) throws IOException {
        assertThat(FileFacts.everything(to)).isEqualTo(before);
        assertThat(data).doesNotExist();
        Path newShadow = new ShadowLocation(host.config).target(StorageFixture.REPO, to);
        if (!newShadow.equals(shadow)) {
            assertThat(shadow).doesNotExist();
        }
        assertThat(ShadowRepo.realDirectory(newShadow)).isEqualTo(to.toString());
        assertThat(Files.readString(newShadow.resolve(".git/fso/uuid")).strip())
                .isEqualTo(StorageFixture.REPO.toString());
        assertThat(FileFacts.everything(directory).keySet())
                .as("nothing is left")
                .noneMatch(name -> name.contains("repowatch-move") || name.contains(".move-"));
        data = to;
        shadow = newShadow;
    }

    private String attribute(Path file) throws IOException {
        byte[] value = new byte[5];
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                .read("colour", java.nio.ByteBuffer.wrap(value));
        return new String(value, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everythingArrivesAndTheShadowKnowsIt(boolean across) throws Exception {
        Map<String, String> before = FileFacts.everything(data);
        Object inode = Files.getAttribute(data, "unix:ino");
        Path to = place(across, "q");
        assertThat(moved(to, MoveStep.Listener.NONE))
                .isEqualTo(new ShadowLocation(host.config).target(StorageFixture.REPO, to));
        RepoMove done = move(to);
        requireMoved(to, before);
        GitCommand git = new GitCommand(shadow);
        git.requireClean();
        assertThat(git.run("config", "fso.realdir").strip()).isEqualTo(to.toString());
        assertThat(attribute(to.resolve("sub/b.txt"))).isEqualTo("green");
        assertThat((Long) Files.getAttribute(to.resolve("sparse"), "unix:size")).isEqualTo(2L << 20);
        assertThat(FileFacts.run("du", "-k", to.resolve("sparse").toString())).startsWith("4\t");
        assertThat(Files.getAttribute(to, "unix:ino").equals(inode)).isEqualTo(!across);
        assertThat(host.moves(MoveStep.Listener.NONE).move(done).block(StorageFixture.LONG))
                .as("once more")
                .isEqualTo(shadow.toString());
        assertThat(FileFacts.everything(to)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true", "true,true"})
    void aMoveThatDiedAnywhereGoesOn(boolean across, boolean frozen) throws Exception {
        if (frozen) {
            freeze();
        }
        Map<String, String> before = FileFacts.everything(data);
        Map<String, String> attributes = attributes();
        boolean died = true;
        int turn = 0;
        for (int last = 1; died; last += FileFacts.stride()) {
            AtomicInteger left = new AtomicInteger(last);
            Path to = turn++ % 2 == 0 ? place(across, "q") : directory.resolve("data/p");
            died = false;
            try {
                moved(to, step -> {
                    if (left.decrementAndGet() == 0) {
                        throw new Crash();
                    }
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasCauseInstanceOf(Crash.class);
                died = true;
                moved(to, MoveStep.Listener.NONE);
            }
            requireMoved(to, before);
            assertThat(attributes()).as("%s", last).isEqualTo(attributes);
        }
        if (frozen) {
            unfreeze();
            assertThat(attributes().values()).noneMatch(fact -> fact.endsWith(" i"));
        }
    }

    /** A freeze that died half way, or was complete, and was given up by others: what it left does not stop a move. */
    @ParameterizedTest
    @CsvSource({"false,25", "true,25", "false,10000", "true,10000"})
    void whatAGivenUpFreezeHasLeftMovesAlongAndIsGivenBackAtTheNewPlace(boolean across, int steps) throws Exception {
        Map<String, String> before = FileFacts.everything(data);
        Map<String, String> attributes = attributes();
        AtomicInteger left = new AtomicInteger(steps);
        StorageProcessor dying = host.processor(step -> {
            if (left.decrementAndGet() == 0) {
                throw new Crash();
            }
        });
        dying.enable(host.info()).block(StorageFixture.LONG);
        if (steps > 1000) {
            dying.freeze(REQUEST).block(StorageFixture.LONG);
        } else {
            assertThatThrownBy(() -> dying.freeze(REQUEST).block(StorageFixture.LONG))
                    .hasCauseInstanceOf(Crash.class);
        }
        assertThat(attributes()).isNotEqualTo(attributes);
        dying.disable(StorageFixture.REPO).block(StorageFixture.LONG);
        Path to = place(across, "q");
        moved(to, MoveStep.Listener.NONE);
        requireMoved(to, before);
        assertThat(attributes()).isNotEqualTo(attributes);
        enableAfterMove(StorageTierCode.ST_FREEZE_FAILED);
        assertThat(attributes()).isEqualTo(attributes);
        assertThat(FreezeRecord.read(shadow)).isNull();
        Files.writeString(data.resolve("new"), "x");
    }

    private static final FreezeRequest REQUEST =
            new FreezeRequest(StorageFixture.REPO, new UUID(1, 1), "R", "r@example.org");

    private void freeze() {
        StorageProcessor processor = host.processor(FreezeStep.Listener.NONE);
        processor.enable(host.info()).block(StorageFixture.LONG);
        processor.freeze(REQUEST).block(StorageFixture.LONG);
    }

    private void unfreeze() {
        enableAfterMove(StorageTierCode.ST_UNFREEZING).unfreeze(REQUEST).block(StorageFixture.LONG);
    }

    private StorageProcessor enableAfterMove(StorageTierCode tier) {
        StorageProcessor processor = host.processor(FreezeStep.Listener.NONE);
        RepoInfo info = host.info();
        processor
                .enable(new RepoInfo(
                        info.id(),
                        info.vid(),
                        info.registry(),
                        info.globalPath(),
                        info.fileHost(),
                        data.toString(),
                        shadow.toString(),
                        null,
                        tier))
                .block(StorageFixture.LONG);
        return processor;
    }

    private Map<String, String> attributes() {
        Map<String, String> relative = new TreeMap<>();
        FileFacts.attributes(data)
                .forEach((path, fact) ->
                        relative.put(path.substring(data.toString().length()), fact));
        return relative;
    }

    @Test
    void theShadowTooGoesFromOneFileSystemToAnother() throws Exception {
        Path other = directory.resolve("b/shadow/x").resolve(StorageFixture.REPO + ".fso");
        Files.createDirectories(other.getParent());
        FileFacts.run("cp", "-a", shadow.toString(), other.toString());
        FileFacts.run("rm", "-r", shadow.toString());
        shadow = other;
        Map<String, String> before = FileFacts.everything(data);
        moved(place(true, "q"), MoveStep.Listener.NONE);
        requireMoved(place(true, "q"), before);
    }

    @ParameterizedTest
    @EnumSource(
            value = MoveStep.class,
            names = {"FILE_COPIED", "SET_ASIDE", "SWITCHED", "CONFIGURED"})
    void aKilledProcessLosesNothing(MoveStep step) throws Exception {
        Map<String, String> before = FileFacts.everything(data);
        Path to = place(true, "q");
        ChildJvm.Result result =
                new ChildJvm().run("move", host.shadowRoot.toString(), data + ":" + to + ":" + shadow, step.name());
        assertThat(result.exit()).as(result.output()).isEqualTo(ChildMain.HALTED);
        moved(to, MoveStep.Listener.NONE);
        requireMoved(to, before);
    }

    @Test
    void aFullDiskMidwayLeavesTheSourceAsItIsAndTheMoveGoesOnWhenThereIsRoom() throws Exception {
        Map<String, String> before = FileFacts.everything(data);
        second.fill(40_000);
        Path to = place(true, "q");
        RepoMoves moves = host.moves(MoveStep.Listener.NONE);
        assertThatThrownBy(() -> moves.move(move(to)).block(StorageFixture.LONG))
                .hasRootCauseMessage("No space left on device (write)");
        assertThat(moves.progress(WORKFLOW)).contains("No space left").contains("private/d.txt");
        assertThat(to).doesNotExist();
        assertThat(FileFacts.everything(data)).isEqualTo(before);
        second.makeRoom();
        moves.move(move(to)).block(StorageFixture.LONG);
        assertThat(moves.progress(WORKFLOW)).isEmpty();
        requireMoved(to, before);
    }

    @Test
    void whatIsChangedDuringTheCopyArrivesAsItIsAtTheEnd() throws Exception {
        Map<String, String> model = new TreeMap<>();
        AtomicInteger count = new AtomicInteger();
        Path from = data;
        moved(place(true, "q"), step -> {
            if (!Files.exists(from)) {
                return;
            }
            int n = count.incrementAndGet();
            try {
                switch (n % 4) {
                    case 0 -> write(from.resolve("new" + n), "new " + n, model);
                    case 1 -> write(from.resolve("sub/b.txt"), "changed " + n, model);
                    case 2 -> {
                        // As long as before, and with the same time: only its content tells.
                        write(from.resolve("sub/deep/c.txt"), String.format("%8d", n), model);
                        host.touch(from.resolve("sub/deep/c.txt"));
                    }
                    default -> {
                        Files.deleteIfExists(from.resolve("new" + (n - 7)));
                        model.remove("new" + (n - 7));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(count.get()).isGreaterThan(40);
        for (Map.Entry<String, String> file : model.entrySet()) {
            assertThat(Files.readString(place(true, "q").resolve(file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }
        try (var names = Files.list(place(true, "q"))) {
            assertThat(names.filter(name -> name.getFileName().toString().startsWith("new"))
                            .count())
                    .isEqualTo(model.keySet().stream()
                            .filter(name -> name.startsWith("new"))
                            .count());
        }
    }

    private void write(Path file, String text, Map<String, String> model) throws IOException {
        Files.writeString(file, text);
        model.put(data.relativize(file).toString(), text);
    }

    @Test
    void whatIsWrittenThroughAnOpenFileAfterTheSwitchIsKept() throws Exception {
        try (FileChannel open = FileChannel.open(data.resolve("private/d.txt"), StandardOpenOption.APPEND)) {
            moved(place(true, "q"), step -> {
                if (step == MoveStep.SWITCHED) {
                    try {
                        open.write(StandardCharsets.UTF_8.encode("late"));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            });
        }
        Path kept = directory.resolve("data/.repowatch-move-" + WORKFLOW + ".from/private/d.txt");
        assertThat(Files.readString(kept)).endsWith("late");
        assertThat(place(true, "q").resolve("private/d.txt")).exists();
        assertThat(FileFacts.run("find", directory.resolve("data").toString(), "-type", "f"))
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsAtTheDestinationIsNeverReplaced(boolean across) throws Exception {
        Map<String, String> before = FileFacts.everything(data);
        Path to = place(across, "q");
        Files.createDirectories(to);
        assertThatThrownBy(() -> moved(to, MoveStep.Listener.NONE))
                .hasRootCauseMessage("something else is at the destination; move it away: " + to);
        assertThat(FileFacts.everything(data)).isEqualTo(before);
        Files.delete(to);
        AtomicInteger made = new AtomicInteger();
        assertThatThrownBy(() -> moved(to, step -> {
                    if (step == MoveStep.RECORDED || step == MoveStep.SET_ASIDE) {
                        made.incrementAndGet();
                        to.toFile().mkdirs();
                    }
                }))
                .rootCause()
                .hasMessageContaining("File exists");
        assertThat(made.get()).isPositive();
        Files.delete(to);
        moved(to, MoveStep.Listener.NONE);
        requireMoved(to, before);
    }

    @ParameterizedTest
    @CsvSource({"false,sub", "true,sub", "false,.", "true,."})
    void aDirectoryThatIsSwappedForALinkAtAnyStepLeadsNowhere(boolean across, String which) throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("b.txt"), "secret of somebody else");
        Files.writeString(outside.resolve("a.txt"), "secret of somebody else");
        Map<String, String> before = FileFacts.everything(outside);
        String secret = FileFacts.sha256(outside.resolve("a.txt"));
        Map<String, String> files = files(data);
        boolean swapped = true;
        int turn = 0;
        for (int at = 1; swapped; at += FileFacts.stride()) {
            Path to = turn++ % 2 == 0 ? place(across, "q") : directory.resolve("data/p");
            Path place = data.resolve(which).normalize();
            Path away = data.resolveSibling("away");
            AtomicInteger left = new AtomicInteger(at);
            AtomicInteger done = new AtomicInteger();
            AtomicInteger leaks = new AtomicInteger();
            String end = "done";
            try {
                moved(to, step -> {
                    // Not only at the end: the next pass would remove what this one has copied from elsewhere.
                    if (step == MoveStep.FILE_COPIED
                            && done.get() > 0
                            && hashes(directory.resolve("b")).contains(secret)) {
                        leaks.incrementAndGet();
                    }
                    if (left.decrementAndGet() == 0 && Files.isDirectory(place)) {
                        try {
                            rename(place, away);
                            Files.createSymbolicLink(place, outside);
                            done.incrementAndGet();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                });
            } catch (RuntimeException e) {
                end = e.toString();
            }
            swapped = left.get() <= 0;
            assertThat(leaks).as("%s: %s", at, end).hasValue(0);
            assertThat(FileFacts.everything(outside)).as("%s: %s", at, end).isEqualTo(before);
            assertThat(hashes(directory.resolve("data"))).as("%s: %s", at, end).doesNotContain(secret);
            assertThat(hashes(directory.resolve("b"))).as("%s: %s", at, end).doesNotContain(secret);
            if (done.get() > 0) {
                restore(place, away, to);
                moved(to, MoveStep.Listener.NONE);
            }
            assertThat(files(to)).as("%s: %s", at, end).isEqualTo(files);
            data = to;
            shadow = new ShadowLocation(host.config).target(StorageFixture.REPO, to);
        }
    }

    /** Puts the real directory back where the link is now. */
    private static void restore(Path place, Path away, Path to) throws IOException {
        Path link = place;
        if (!Files.isSymbolicLink(link)) {
            // The link went where the directory would have gone.
            String found = FileFacts.run(
                    "sh",
                    "-c",
                    "find " + to.getParent() + " " + away.getParent() + " -lname '*/outside' 2>/dev/null || true");
            link = Path.of(found.lines().findFirst().orElseThrow());
        }
        Files.delete(link);
        rename(away, link);
    }

    private static void rename(Path from, Path to) {
        // Also from one file system to another, when the link has been copied.
        FileFacts.run("mv", "-T", from.toString(), to.toString());
    }

    private static java.util.Collection<String> hashes(Path root) {
        return files(root).values();
    }

    private static Map<String, String> files(Path root) {
        Map<String, String> files = new TreeMap<>();
        FileFacts.everything(root).forEach((path, fact) -> {
            if (fact.startsWith("f")) {
                files.put(path, fact.substring(fact.length() - 64));
            }
        });
        return files;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProcessWithoutRightsFreezesByPermissionsAndMovesWhatItFroze(boolean across) throws Exception {
        FileFacts.run(
                "rm", "-r", host.shadowRoot.toString(), data.resolve("pipe").toString());
        FileFacts.run("chown", "-hR", "65534:65534", directory.toString());
        FileFacts.run("chmod", "755", directory.toString());
        Map<String, String> before = FileFacts.everything(data);
        Path to = place(across, "q");
        try (RamDisk classes = RamDisk.mount(Files.createDirectory(directory.resolve("classes")))) {
            assertThat(classes).isNotNull();
            ChildJvm child = new ChildJvm().unprivileged(directory.resolve("classes"));
            FileFacts.run("chmod", "755", directory.resolve("classes").toString());
            ChildJvm.Result result = child.run("frozen-move", host.shadowRoot.toString(), data + ":" + to);
            assertThat(result.exit()).as(result.output()).isZero();
            assertThat(result.output()).contains("100444").contains("42510").doesNotContain("100644");
        }
        assertThat(FileFacts.everything(to)).isEqualTo(before);
        assertThat(data).doesNotExist();
    }

    @Test
    void aMountPointIsRefused() throws Exception {
        Path mounted = Files.createDirectory(data.resolve("mounted"));
        try (SmallDisk inside = SmallDisk.mount(mounted, 100)) {
            assertThatThrownBy(() -> moved(place(true, "q"), MoveStep.Listener.NONE))
                    .hasRootCauseMessage("another file system is mounted inside; unmount it first: /mounted");
            assertThat(inside.path()).exists();
        }
    }

    @Test
    void theShadowOfAnotherRepoIsRefusedBeforeAnythingMoves() throws Exception {
        Files.writeString(shadow.resolve(".git/fso/uuid"), new UUID(9, 9) + "\n");
        assertThatThrownBy(() -> moved(place(false, "q"), MoveStep.Listener.NONE))
                .rootCause()
                .hasMessageStartingWith("no shadow of repo " + StorageFixture.REPO);
        assertThat(data).exists();
        assertThat(place(false, "q")).doesNotExist();
    }

    @Test
    void timesAreKeptToTheNanosecond() throws Exception {
        FileTime time = FileTime.from(java.time.Instant.ofEpochSecond(1_000_000_000, 123_456_789));
        Files.setLastModifiedTime(data.resolve("a.txt"), time);
        moved(place(true, "q"), MoveStep.Listener.NONE);
        assertThat(Files.getLastModifiedTime(place(true, "q").resolve("a.txt"))).isEqualTo(time);
    }
}
