package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.texts;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Appends that wait together, held by a gate before the disk, and disks that fail. */
class GroupCommitTest {
    private final Scheduler reads = Schedulers.newBoundedElastic(2, 1_000, "journal-reads");
    private final Semaphore gate = new Semaphore(0);
    private final Semaphore arrived = new Semaphore(0);
    private volatile boolean failing;
    private volatile boolean failAfterWrite;

    @TempDir
    Path directory;

    private EmbeddedJournal open() {
        EmbeddedConfig config = EmbeddedConfig.builder(reads).build();
        return EmbeddedJournal.open(directory, config, durable -> batch -> {
            arrived.release();
            pass();
            if (failing) {
                if (failAfterWrite) {
                    durable.write(batch);
                }
                throw new RocksDBException("No space left on device");
            }
            durable.write(batch);
        });
    }

    private void pass() throws RocksDBException {
        try {
            if (!gate.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new RocksDBException("the test never opened the gate");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<Long> start(Journal journal, Append... appends) {
        return journal.append(List.of(appends)).toFuture();
    }

    private static List<String> read(Journal journal, StreamId stream) {
        return JournalTestKit.await(
                journal.read(stream, Vid.EPOCH).map(Samples::text).collectList());
    }

    private static <T> CompletableFuture<T> settled(CompletableFuture<T> future) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(future::isDone);
        return future;
    }

    @AfterEach
    void stop() {
        reads.dispose();
    }

    @Test
    void whatAWriteHasMadeDurableNoReadMissesBeforeTheAnswer() throws Exception {
        List<List<String>> seen = new ArrayList<>();
        List<EmbeddedJournal> open = new ArrayList<>();
        EmbeddedConfig config = EmbeddedConfig.builder(reads).build();
        try (EmbeddedJournal journal = EmbeddedJournal.open(directory, config, durable -> batch -> {
            durable.write(batch);
            open.forEach(now -> seen.add(read(now, A)));
        })) {
            JournalTestKit.await(journal.append(List.of(append(A, Vid.EPOCH, 1))));
            open.add(journal);
            JournalTestKit.await(journal.append(List.of(append(A, vid(1), 2), append(B, Vid.EPOCH, 3))));
        }
        assertThat(seen).containsExactly(Samples.texts(1, 2));
    }

    @Test
    void sixtyFourAppendsThatWaitTogetherShareOneSync() {
        try (EmbeddedJournal journal = open()) {
            List<CompletableFuture<Long>> appends = new ArrayList<>();
            appends.add(start(journal, append(A, null, 1)));
            arrived.acquireUninterruptibly();
            for (int n = 2; n <= 64; n++) {
                appends.add(start(journal, append(Samples.stream(n % 5), null, n)));
            }
            assertThat(journal.waitingAppends()).isEqualTo(63);
            assertThat(appends).noneMatch(CompletableFuture::isDone);
            gate.release(64);
            assertThat(appends.stream().map(append -> settled(append).join()))
                    .isEqualTo(LongStream.rangeClosed(1, 64).boxed().toList());
            assertThat(journal.syncs()).isEqualTo(2);
            assertThat(JournalTestKit.await(
                            journal.changes(0).take(64).map(Change::position).collectList()))
                    .isEqualTo(LongStream.rangeClosed(1, 64).boxed().toList());
        }
    }

    @Test
    void groupIsCutWhenItIsLarge() {
        EmbeddedConfig config = EmbeddedConfig.builder(reads).groupBytes(1).build();
        try (EmbeddedJournal journal = EmbeddedJournal.open(directory, config)) {
            List<CompletableFuture<Long>> appends = new ArrayList<>();
            for (int n = 1; n <= 20; n++) {
                appends.add(start(journal, append(A, null, n)));
            }
            assertThat(appends.stream().map(append -> settled(append).join()))
                    .isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
            assertThat(journal.syncs()).isEqualTo(20);
        }
    }

    @Test
    void appendsOfAGroupSeeTheEarlierOnesAndAConflictFailsAlone() {
        try (EmbeddedJournal journal = open()) {
            CompletableFuture<Long> first = start(journal, append(B, null, 1));
            arrived.acquireUninterruptibly();
            CompletableFuture<Long> second = start(journal, append(A, Vid.EPOCH, 2));
            CompletableFuture<Long> conflict = start(journal, append(B, vid(1), 3), append(A, Vid.EPOCH, 4));
            CompletableFuture<Long> repeated = start(journal, append(A, null, 2));
            CompletableFuture<Long> third = start(journal, append(A, vid(2), 5), append(B, vid(1), 6));
            gate.release(2);
            assertThat(settled(first)).isCompletedWithValue(1L);
            assertThat(settled(second)).isCompletedWithValue(2L);
            assertThat(settled(third)).isCompletedWithValue(3L);
            assertThat(settled(conflict).handle((value, error) -> error).join())
                    .isInstanceOf(VersionConflictException.class)
                    .hasMessage("version conflict: stored VID " + vid(2) + " != expected VID " + Vid.EPOCH);
            assertThat(settled(repeated).handle((value, error) -> error).join())
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(journal.syncs()).isEqualTo(2);
            assertThat(read(journal, A)).isEqualTo(texts(2, 5));
            assertThat(read(journal, B)).isEqualTo(texts(1, 6));
        }
    }

    @Test
    void nothingIsVisibleOrAnnouncedBeforeTheSync() {
        try (EmbeddedJournal journal = open()) {
            CompletableFuture<Change> change = journal.changes(0).next().toFuture();
            CompletableFuture<Long> append = start(journal, append(A, null, 1));
            arrived.acquireUninterruptibly();
            assertThat(append).isNotDone();
            assertThat(journal.position()).isZero();
            assertThat(journal.newest()).isEqualTo(Vid.EPOCH);
            assertThat(read(journal, A)).isEmpty();
            assertThat(change).isNotDone();
            gate.release();
            assertThat(settled(append)).isCompletedWithValue(1L);
            assertThat(settled(change)).isCompletedWithValue(new Change(1, A, vid(1)));
        }
    }

    @Test
    void cancellingAnAppendDoesNotTakeItBack() {
        try (EmbeddedJournal journal = open()) {
            journal.append(List.of(append(A, null, 1))).subscribe().dispose();
            gate.release(10);
            assertThat(settled(start(journal, append(A, null, 2)))).isCompletedWithValue(2L);
            assertThat(read(journal, A)).isEqualTo(texts(1, 2));
        }
    }

    @Test
    void failedSyncRefusesAppendsButNotReadsUntilReopened() {
        try (EmbeddedJournal journal = open()) {
            gate.release();
            assertThat(settled(start(journal, append(A, null, 1)))).isCompletedWithValue(1L);
            arrived.acquireUninterruptibly();
            failing = true;
            CompletableFuture<Change> change = journal.changes(1).next().toFuture();
            CompletableFuture<Long> failed = start(journal, append(A, null, 2));
            arrived.acquireUninterruptibly();
            CompletableFuture<Long> behind = start(journal, append(A, Vid.EPOCH, 3));
            gate.release();
            for (CompletableFuture<Long> append : List.of(failed, behind)) {
                assertThat(settled(append).handle((value, error) -> error).join())
                        .isInstanceOf(JournalException.class)
                        .hasMessageContaining("No space left on device")
                        .hasMessageContaining("open the journal again");
            }
            failing = false;
            gate.release(100);
            assertThat(settled(start(journal, append(B, null, 4)))
                            .handle((value, error) -> error)
                            .join())
                    .isInstanceOf(JournalException.class);
            assertThat(read(journal, A)).isEqualTo(texts(1));
            assertThat(journal.position()).isEqualTo(1);
            assertThat(change).isNotDone();
        }
        try (EmbeddedJournal journal = open()) {
            assertThat(read(journal, A)).isEqualTo(texts(1));
            assertThat(settled(start(journal, append(A, vid(1), 2)))).isCompletedWithValue(2L);
        }
    }

    @Test
    void appendWhoseConfirmationWasLostIsWholeOrAbsentAfterReopening() {
        try (EmbeddedJournal journal = open()) {
            gate.release(100);
            failing = true;
            failAfterWrite = true;
            CompletableFuture<Long> failed = start(journal, append(A, null, 1), append(B, null, 2));
            assertThat(settled(failed)).isCompletedExceptionally();
            assertThat(journal.position()).isZero();
        }
        failing = false;
        try (EmbeddedJournal journal = open()) {
            assertThat(journal.position()).isEqualTo(1);
            assertThat(read(journal, A)).isEqualTo(texts(1));
            assertThat(read(journal, B)).isEqualTo(texts(2));
            assertThat(settled(start(journal, append(A, vid(1), 3)))).isCompletedWithValue(2L);
        }
    }

    @Test
    void closeLetsQueuedAppendsBecomeDurable() throws Exception {
        EmbeddedJournal journal = open();
        List<CompletableFuture<Long>> appends = new ArrayList<>();
        for (int n = 1; n <= 10; n++) {
            appends.add(start(journal, append(A, null, n)));
        }
        arrived.acquireUninterruptibly();
        Thread closer = new Thread(journal::close, "closer");
        closer.start();
        Awaitility.await().until(() -> closer.getState() == Thread.State.WAITING);
        gate.release(10);
        closer.join();
        assertThat(appends).allMatch(append -> append.isDone() && !append.isCompletedExceptionally());
        try (EmbeddedJournal again = open()) {
            assertThat(again.position()).isEqualTo(10);
        }
    }

    @Test
    void closingOnTheJournalsOwnThreadIsRefusedInsteadOfWaitingForItself() {
        try (EmbeddedJournal journal = open()) {
            gate.release(10);
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            journal.append(List.of(append(A, null, 1))).subscribe(position -> {
                try {
                    journal.close();
                } catch (IllegalStateException e) {
                    thrown.complete(e);
                }
            });
            assertThat(settled(thrown)).isCompleted();
            assertThat(settled(start(journal, append(A, null, 2)))).isCompletedWithValue(2L);
        }
    }

    @Test
    void subscriberThatThrowsDoesNotEndTheWriter() {
        try (EmbeddedJournal journal = open()) {
            gate.release(10);
            journal.append(List.of(append(A, null, 1))).subscribe(new ThrowingSubscriber());
            assertThat(settled(start(journal, append(A, null, 2)))).isCompletedWithValue(2L);
        }
    }

    private static final class ThrowingSubscriber implements org.reactivestreams.Subscriber<Long> {
        @Override
        public void onSubscribe(org.reactivestreams.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Long value) {
            throw new AssertionError("thrown by the subscriber");
        }

        @Override
        public void onError(Throwable e) {
            throw new AssertionError("thrown by the subscriber", e);
        }

        @Override
        public void onComplete() {}
    }
}
