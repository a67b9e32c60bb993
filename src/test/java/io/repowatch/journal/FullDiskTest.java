package io.repowatch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.repowatch.SmallDisk;
import io.repowatch.id.Vid;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.CompressionType;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A journal on a file system that has no room left. */
class FullDiskTest {
    private static final StreamId STREAM = Samples.A;

    private final Scheduler reads = Schedulers.newBoundedElastic(2, 1_000, "journal-reads");

    @TempDir
    Path temp;

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private EmbeddedJournal open(SmallDisk disk) {
        return EmbeddedJournal.open(
                disk.path().resolve("journal"),
                EmbeddedConfig.builder(reads).writeBufferBytes(64 << 10).build());
    }

    private static Append incompressible(long number) {
        byte[] body = new byte[4 << 10];
        new Random(number).nextBytes(body);
        return new Append(STREAM, null, List.of(new StoredEvent(Samples.vid(number), body)));
    }

    private static Throwable appendUntilRefused(Journal journal) {
        for (long next = journal.position() + 1; next < 10_000; next++) {
            long number = next;
            Throwable refusal =
                    catchThrowable(() -> JournalTestKit.await(journal.append(List.of(incompressible(number)))));
            if (refusal != null) {
                assertThat(journal.position()).isEqualTo(number - 1);
                return refusal;
            }
        }
        throw new AssertionError("the disk never became full");
    }

    private static void requireEvents(Journal journal, long count) {
        List<StoredEvent> events =
                JournalTestKit.await(journal.read(STREAM, Vid.EPOCH).collectList());
        assertThat(events).hasSizeGreaterThanOrEqualTo((int) count);
        for (int i = 0; i < events.size(); i++) {
            StoredEvent expected = incompressible(i + 1).events().get(0);
            assertThat(events.get(i).id()).isEqualTo(expected.id());
            assertThat(events.get(i).body()).isEqualTo(expected.body());
        }
        assertThat(JournalTestKit.await(journal.changes(0).take(events.size()).collectList()))
                .hasSize(events.size());
    }

    private static void requireFull(Throwable refusal) {
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        JournalException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(JournalException.Kind.FULL))
                .hasMessageContaining("disk is full")
                .hasMessageContaining("make room");
    }

    @Test
    @Timeout(60)
    void appendsAreRefusedReadsGoOnAndNothingAcknowledgedIsMissingWhenThereIsRoomAgain() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(temp, 3 << 10)) {
            long acknowledged;
            try (EmbeddedJournal journal = open(disk)) {
                requireFull(appendUntilRefused(journal));
                acknowledged = journal.position();
                assertThat(acknowledged).isGreaterThan(10);
                requireEvents(journal, acknowledged);
                // Room alone does not make the journal believe again what it wrote last.
                assertThatThrownBy(
                                () -> JournalTestKit.await(journal.append(List.of(Samples.append(Samples.B, null, 1)))))
                        .satisfies(FullDiskTest::requireFull);
                assertThat(journal.position()).isEqualTo(acknowledged);
            }
        }
    }

    /** Sooner or later the store cannot sort what it has into files, and would let writes wait for room, without an answer. */
    @ParameterizedTest(name = "{0} KiB of room")
    @ValueSource(ints = {200, 500, 800})
    @Timeout(60)
    void writerIsToldHoweverTheRoomIsCut(int kibibytes) throws Exception {
        try (SmallDisk disk = SmallDisk.mount(temp, 8 << 10)) {
            long acknowledged = 0;
            for (int round = 0; round < 2; round++) {
                try (EmbeddedJournal journal = open(disk)) {
                    assertThat(journal.position()).isGreaterThanOrEqualTo(acknowledged);
                    disk.fill(kibibytes << 10);
                    requireFull(appendUntilRefused(journal));
                    acknowledged = journal.position();
                }
                disk.makeRoom();
            }
            try (EmbeddedJournal journal = open(disk)) {
                requireEvents(journal, acknowledged);
            }
        }
    }

    @Test
    @Timeout(60)
    void openingOnAFullDiskIsRefusedAndHarmsNothing() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(temp, 8 << 10)) {
            disk.fill(3 << 20);
            long acknowledged;
            try (EmbeddedJournal journal = open(disk)) {
                requireFull(appendUntilRefused(journal));
                acknowledged = journal.position();
            }
            disk.makeRoom();
            try (EmbeddedJournal journal = open(disk)) {
                requireEvents(journal, acknowledged);
                acknowledged = journal.position();
                JournalTestKit.await(journal.append(List.of(incompressible(acknowledged + 1))));
                acknowledged++;
            }
            for (long left : new long[] {0, 4 << 10, 16 << 10, 64 << 10}) {
                disk.makeRoom();
                disk.fill(left);
                Throwable refusal = catchThrowable(() -> open(disk).close());
                if (refusal != null) {
                    requireFull(refusal);
                }
            }
            disk.fill(0);
            disk.makeRoom();
            try (EmbeddedJournal journal = open(disk)) {
                requireEvents(journal, acknowledged);
                JournalTestKit.await(journal.append(List.of(incompressible(journal.position() + 1))));
                requireEvents(journal, acknowledged + 1);
            }
        }
    }

    /** The store lets writes wait for a merge of its files, and the merge waits for room. */
    @Test
    @Timeout(60)
    void writeThatWouldWaitForRoomForEverFailsInstead() throws Exception {
        EmbeddedConfig config =
                EmbeddedConfig.builder(reads).writeBufferBytes(64 << 10).build();
        RocksSettings settings = new RocksSettings(config, true);
        settings.options()
                .setLevel0FileNumCompactionTrigger(4)
                .setLevel0SlowdownWritesTrigger(4)
                .setLevel0StopWritesTrigger(4)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        try (SmallDisk disk = SmallDisk.mount(temp, 8 << 10);
                RocksStore store = RocksStore.open(disk.path().resolve("store"), settings)) {
            disk.fill(520 << 10);
            assertThatThrownBy(() -> {
                        for (int n = 1; n < 1_000; n++) {
                            put(store, n);
                        }
                    })
                    .isInstanceOfSatisfying(
                            RocksDBException.class,
                            e -> assertThat(JournalException.kindOf(e)).isEqualTo(JournalException.Kind.FULL));
        }
    }

    private static void put(RocksStore store, long number) throws RocksDBException {
        byte[] value = new byte[4 << 10];
        new Random(number).nextBytes(value);
        try (WriteBatch batch = new WriteBatch()) {
            // Scattered, so that the files overlap and have to be merged.
            batch.put(StoreKeys.change(Long.reverse(number) >>> 1), value);
            store.write(batch);
        }
    }
}
