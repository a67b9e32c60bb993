package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.repowatch.SmallDisk;
import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.WeakError;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

class FreezeTest {
    private static final UUID WORKFLOW = new UUID(7, 8);
    private static final FreezeRequest REQUEST =
            new FreezeRequest(StorageFixture.REPO, WORKFLOW, "The Requester", "requester@example.org");

    @TempDir
    Path directory;

    private StorageFixture host;
    private SmallDisk memory;
    private RamDisk disk;

    /** Like a killed process: no clean-up runs. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root"), "skipped: only root may set the immutable attribute");
        memory = SmallDisk.mount(directory, 64 * 1024);
        host = new StorageFixture(directory.toRealPath());
    }

    @AfterEach
    void stop() throws Exception {
        if (host != null) {
            FileFacts.thaw(host.data);
            host.close();
        }
        if (disk != null) {
            disk.close();
        }
        if (memory != null) {
            memory.close();
        }
    }

    /** A repo whose data is where {@code method} is what can be done. */
    private void repo(FreezeMethod method) throws Exception {
        if (method == FreezeMethod.PERMISSIONS) {
            disk = RamDisk.mount(host.data);
        }
        host.file("a.txt", 3);
        host.file("sub/b.txt", 3);
        host.file("sub/deep/c.txt", 3);
        host.file("other/d.txt", 3);
        host.file("other/read-only.txt", 3);
        Files.createLink(host.data.resolve("sub/again.txt"), host.data.resolve("a.txt"));
        Files.createLink(host.data.resolve("z-again.txt"), host.data.resolve("sub/b.txt"));
        Files.createSymbolicLink(host.data.resolve("link"), Path.of("/etc/hostname"));
        permissions("other", "r-xr-xr-x");
        permissions("other/read-only.txt", "r--r-----");
        permissions("sub", "rwxrwxr-x");
        permissions("sub/b.txt", "rw-rw-r--");
        if (method == FreezeMethod.IMMUTABLE) {
            FileFacts.run(
                    "chattr", "+i", host.data.resolve("other/read-only.txt").toString());
            FileFacts.run("chattr", "+i", host.data.resolve("sub/deep/c.txt").toString());
            FileFacts.run("chattr", "+i", host.data.resolve("sub/deep").toString());
        }
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        host.processor(FreezeStep.Listener.NONE).enable(host.info()).block(StorageFixture.LONG);
    }

    private void permissions(String name, String text) throws IOException {
        Files.setPosixFilePermissions(host.data.resolve(name), PosixFilePermissions.fromString(text));
    }

    @Test
    void aRecordCutOffInTheMiddleOfALineIsGoneOnWith() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        Map<String, String> before = FileFacts.attributes(host.data);
        run(processor().freeze(REQUEST));
        Path record = FreezeRecord.file(host.shadow());
        Files.writeString(record, "1 /not-a-whole-li", java.nio.file.StandardOpenOption.APPEND);
        run(processor().unfreeze(REQUEST));
        assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
    }

    private static void run(Mono<Void> work) {
        work.block(StorageFixture.LONG);
    }

    private StorageProcessor processor() {
        return host.processor(FreezeStep.Listener.NONE);
    }

    private String attrs() {
        return host.git()
                .show("master-stat", ".nogtree")
                .lines()
                .filter(line -> line.startsWith("attrs"))
                .collect(Collectors.joining());
    }

    private void requireFrozen(FreezeMethod method) {
        Map<String, String> facts = FileFacts.attributes(host.data);
        facts.forEach((path, fact) -> {
            if (!fact.startsWith("l")) {
                boolean frozen = method == FreezeMethod.IMMUTABLE
                        ? fact.endsWith(" i")
                        : Integer.parseInt(fact.substring(1), 8) % 512
                                == (Integer.parseInt(fact.substring(1), 8) & 0555);
                assertThat(frozen).as("%s %s", path, fact).isTrue();
            }
        });
        assertThat(attrs()).isEqualTo("attrs: \"i\"");
    }

    @ParameterizedTest
    @EnumSource
    void everythingIsFrozenAndGetsBackWhatItHad(FreezeMethod method) throws Exception {
        repo(method);
        Map<String, String> before = FileFacts.attributes(host.data);
        run(processor().freeze(REQUEST));
        requireFrozen(method);
        assertThat(host.git().run("log", "-1", "--format=%an <%ae> %cn", "master-stat"))
                .isEqualToIgnoringNewLines("The Requester <requester@example.org> repowatch");
        if (method == FreezeMethod.IMMUTABLE) {
            assertThatThrownBy(() -> Files.writeString(host.data.resolve("new"), "x"))
                    .isInstanceOf(IOException.class);
        }
        run(processor().unfreeze(REQUEST));
        assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
        assertThat(attrs()).isEqualTo("attrs: \"\"");
        assertThat(FreezeRecord.file(host.shadow())).doesNotExist();
        host.git().requireClean();
    }

    @ParameterizedTest
    @EnumSource
    void d22_aFreezeThatDiedAnywhereIsUndone(FreezeMethod method) throws Exception {
        repo(method);
        Map<String, String> before = FileFacts.attributes(host.data);
        afterEveryCrash(processor -> processor.freeze(REQUEST), () -> {
            run(processor().undoFreeze(REQUEST));
            assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
            assertThat(attrs()).isEqualTo("attrs: \"\"");
            run(processor().undoFreeze(REQUEST));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFreezeThatDiedAnywhereGoesOn(FreezeMethod method) throws Exception {
        repo(method);
        Map<String, String> before = FileFacts.attributes(host.data);
        afterEveryCrash(processor -> processor.freeze(REQUEST), () -> {
            run(processor().freeze(REQUEST));
            requireFrozen(method);
            run(processor().unfreeze(REQUEST));
            assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
        });
    }

    @ParameterizedTest
    @EnumSource
    void anUnfreezeThatDiedAnywhereGoesOn(FreezeMethod method) throws Exception {
        repo(method);
        Map<String, String> before = FileFacts.attributes(host.data);
        run(processor().freeze(REQUEST));
        afterEveryCrash(processor -> processor.unfreeze(REQUEST), () -> {
            run(processor().unfreeze(REQUEST));
            assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
            assertThat(attrs()).isEqualTo("attrs: \"\"");
            run(processor().freeze(REQUEST));
        });
    }

    private interface Operation {
        Mono<Void> of(StorageProcessor processor);
    }

    private interface Check {
        void run() throws Exception;
    }

    /** Lets the operation die after its first, second … step, each time followed by the check, until it comes to its end. */
    private void afterEveryCrash(Operation operation, Check check) throws Exception {
        boolean died = true;
        for (int last = 1; died; last += FileFacts.stride()) {
            AtomicInteger left = new AtomicInteger(last);
            StorageProcessor processor = host.processor(step -> {
                if (left.decrementAndGet() == 0) {
                    throw new Crash();
                }
            });
            died = false;
            try {
                run(operation.of(processor));
            } catch (IllegalStateException e) {
                assertThat(e).hasCauseInstanceOf(Crash.class);
                died = true;
            }
            check.run();
        }
    }

    @Test
    void whatIsCreatedDuringTheWalkDoesNotEscape() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        AtomicInteger count = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        run(host.processor(step -> {
                    for (Path place : Set.of(host.data, host.data.resolve("sub"), host.data.resolve("other"))) {
                        try {
                            Files.writeString(place.resolve("new" + count.incrementAndGet()), "x");
                            made.incrementAndGet();
                        } catch (IOException e) {
                            // Frozen already.
                            continue;
                        }
                    }
                })
                .freeze(REQUEST));
        assertThat(made.get()).isGreaterThan(5);
        requireFrozen(FreezeMethod.IMMUTABLE);
    }

    @Test
    void aPrivilegedWriterIsFollowedUntilNothingIsNew() throws Exception {
        repo(FreezeMethod.PERMISSIONS);
        AtomicInteger count = new AtomicInteger();
        run(host.processor(step -> {
                    if (step == FreezeStep.CHANGED && count.incrementAndGet() < 20) {
                        write(host.data.resolve("aaa" + count));
                    }
                })
                .freeze(REQUEST));
        requireFrozen(FreezeMethod.PERMISSIONS);
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is immutable already cannot be swapped; what has lost its permissions can, by root. */
    @ParameterizedTest
    @EnumSource(FreezeMethod.class)
    void aDirectoryThatIsSwappedForALinkAtAnyStepLeadsNowhere(FreezeMethod method) throws Exception {
        repo(method);
        Path outside = Files.createDirectory(directory.toRealPath().resolve("outside"));
        Files.writeString(outside.resolve("b.txt"), "outside");
        Map<String, String> before = FileFacts.attributes(outside);
        boolean swapped = true;
        for (int at = 1; swapped; at += FileFacts.stride()) {
            Swap swap = new Swap(host.data.resolve("sub"), outside, at);
            String end = "done";
            try {
                run(host.processor(swap).freeze(REQUEST));
            } catch (WeakError e) {
                end = e.getMessage();
            }
            swapped = swap.happened;
            assertThat(FileFacts.attributes(outside)).as("%s, %s", at, end).isEqualTo(before);
            // Undone where it was taken from, wherever that is now.
            swap.back();
            run(processor().undoFreeze(REQUEST));
            FileFacts.thaw(host.data);
        }
    }

    /** Puts a link to somewhere else in the place of a directory, at the n-th look. */
    private static final class Swap implements FreezeStep.Listener {
        private final Path place;
        private final Path away;
        private final Path outside;
        private int left;
        boolean happened;

        Swap(Path place, Path outside, int at) {
            this.place = place;
            this.away = place.resolveSibling(place.getFileName() + ".away");
            this.outside = outside;
            this.left = at;
        }

        @Override
        public void done(FreezeStep step) {
            if (--left == 0) {
                try {
                    happened = true;
                    Files.move(place, away);
                    Files.createSymbolicLink(place, outside);
                } catch (IOException e) {
                    // Frozen already: then it cannot be swapped, which is as well.
                    return;
                }
            }
        }

        void back() throws IOException {
            if (Files.exists(away)) {
                FileFacts.thaw(place.getParent());
                Files.delete(place);
                Files.move(away, place);
            }
        }
    }

    @Test
    void theRootSwappedForALinkLeadsNowhere() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        Path outside = Files.createDirectory(directory.toRealPath().resolve("outside"));
        Files.writeString(outside.resolve("a.txt"), "outside");
        Map<String, String> before = FileFacts.attributes(outside);
        for (int at = 1; at < 12; at++) {
            Swap swap = new Swap(host.data, outside, at);
            try {
                run(host.processor(swap).freeze(REQUEST));
            } catch (RuntimeException e) {
                assertThat(e).isInstanceOfAny(WeakError.class, io.repowatch.observer.StrongError.class);
            }
            assertThat(FileFacts.attributes(outside)).as("%s", at).isEqualTo(before);
            swap.back();
            run(processor().undoFreeze(REQUEST));
            FileFacts.thaw(host.data);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StorageTierCode.class,
            names = {"ST_ONLINE", "ST_FREEZE_FAILED"})
    void aFreezeThatIsNotInForceIsUndoneBeforeTheRepoTakesRequests(StorageTierCode tier) throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        Map<String, String> before = FileFacts.attributes(host.data);
        run(processor().freeze(REQUEST));
        run(host.table.disable(StorageFixture.REPO));
        run(processor().enable(host.info(tier)));
        assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
        assertThat(host.table.find(StorageFixture.REPO)).isPresent();
        assertThat(attrs()).isEqualTo("attrs: \"\"");
    }

    @ParameterizedTest
    @EnumSource(
            value = StorageTierCode.class,
            names = {"ST_FREEZING", "ST_FROZEN", "ST_UNFREEZING", "ST_UNFREEZE_FAILED"})
    void aFreezeInForceStays(StorageTierCode tier) throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        run(processor().freeze(REQUEST));
        run(processor().enable(host.info(tier)));
        requireFrozen(FreezeMethod.IMMUTABLE);
    }

    /** An enable may be tried again for a long time; the freeze that began meanwhile is not what its history speaks of. */
    @Test
    void anEnableThatRestsOnAnOlderHistoryLeavesAFreezeOfThisProcessAlone() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        Map<String, String> before = FileFacts.attributes(host.data);
        StorageProcessor processor = processor();
        run(processor.freeze(REQUEST));
        run(processor.enable(host.info(StorageTierCode.ST_ONLINE)));
        requireFrozen(FreezeMethod.IMMUTABLE);
        // Nor after a disable: a move that was given up before the freeze may be heard of only now.
        run(processor.disable(StorageFixture.REPO));
        run(processor.enable(host.info(StorageTierCode.ST_ONLINE)));
        requireFrozen(FreezeMethod.IMMUTABLE);
        run(processor.disable(StorageFixture.REPO));
        run(processor.undoFreeze(REQUEST));
        run(processor.enable(host.info(StorageTierCode.ST_ONLINE)));
        assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
    }

    /** The history that the enable rests on ends before the failure that is undone. */
    @Test
    void aFreezeThatIsUndoneBeforeTheRepoIsEnabledIsGivenBackThen() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        Map<String, String> before = FileFacts.attributes(host.data);
        run(processor().freeze(REQUEST));
        run(processor().disable(StorageFixture.REPO));
        StorageProcessor next = processor();
        run(next.undoFreeze(REQUEST));
        requireFrozen(FreezeMethod.IMMUTABLE);
        run(next.enable(host.info(StorageTierCode.ST_FREEZING)));
        assertThat(FileFacts.attributes(host.data)).isEqualTo(before);
        assertThat(attrs()).isEqualTo("attrs: \"\"");
    }

    /** As above, but a later freeze has begun when the undoing comes. */
    @Test
    void theUndoingOfAnEarlierFreezeKeepsAnEnableFromUndoingALaterOne() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        StorageProcessor processor = processor();
        run(processor.freeze(REQUEST));
        run(processor.undoFreeze(new FreezeRequest(StorageFixture.REPO, new UUID(1, 1), "X", "x@example.org")));
        run(processor.enable(host.info(StorageTierCode.ST_ONLINE)));
        requireFrozen(FreezeMethod.IMMUTABLE);
    }

    @ParameterizedTest
    @EnumSource
    void frozenDataIsLeftAloneByAStat(FreezeMethod method) throws Exception {
        repo(method);
        run(processor().freeze(REQUEST));
        String head = host.git().run("rev-parse", "master-stat");
        assertThat(host.stat(false)).isFalse();
        assertThat(host.stat(true)).isFalse();
        assertThat(host.git().run("rev-parse", "master-stat")).isEqualTo(head);
    }

    @Test
    void whatAnotherProgramFrozeIsUnfrozenToo() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        FileFacts.run("sh", "-c", "chattr -R -f +i " + host.data + " || true");
        assertThat(host.stat(false)).isTrue();
        assertThat(attrs()).isEqualTo("attrs: \"i\"");
        run(processor().unfreeze(REQUEST));
        assertThat(FileFacts.attributes(host.data).values()).noneMatch(fact -> fact.endsWith(" i"));
        assertThat(attrs()).isEqualTo("attrs: \"\"");
    }

    @Test
    void theUndoingOfAnotherWorkflowTouchesNothing() throws Exception {
        repo(FreezeMethod.IMMUTABLE);
        run(processor().freeze(REQUEST));
        run(processor().undoFreeze(new FreezeRequest(StorageFixture.REPO, new UUID(1, 1), "X", "x@example.org")));
        requireFrozen(FreezeMethod.IMMUTABLE);
    }
}
