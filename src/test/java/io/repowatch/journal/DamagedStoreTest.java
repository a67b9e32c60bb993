package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Records that the store gives back without complaint, and that are wrong all the same. */
class DamagedStoreTest {
    private final Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "journal-reads");

    @TempDir
    Path directory;

    @BeforeEach
    void fill() {
        try (Journal journal = open()) {
            JournalTestKit.await(journal.append(List.of(append(A, null, 1, 2, 3), append(B, null, 4))));
            JournalTestKit.await(journal.append(List.of(append(A, null, 5))));
            JournalTestKit.await(journal.append(List.of(append(B, null, 6))));
        }
    }

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private EmbeddedJournal open() {
        return EmbeddedJournal.open(directory, EmbeddedConfig.builder(reads).build());
    }

    private interface Damage {
        void to(RocksStore store, WriteBatch batch) throws RocksDBException;
    }

    private void damage(Damage damage) throws RocksDBException {
        EmbeddedConfig config = EmbeddedConfig.builder(reads).build();
        try (RocksStore store = RocksStore.open(directory.resolve("store"), config);
                WriteBatch batch = new WriteBatch()) {
            damage.to(store, batch);
            store.write(batch);
        }
    }

    private void flip(byte[] key, int index) throws RocksDBException {
        damage((store, batch) -> {
            byte[] value = Objects.requireNonNull(store.get(key));
            value[index < 0 ? value.length + index : index] ^= 16;
            batch.put(key, value);
        });
    }

    private static void requireFailure(Flux<?> flux, String what) {
        assertThatThrownBy(() -> JournalTestKit.await(flux.collectList()))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("the journal is damaged: " + what)
                .hasMessageContaining("backup");
    }

    @Test
    void changedEventIsNamedAndNotServed() throws RocksDBException {
        byte[] key = StoreKeys.event(A, 1);
        for (int index : new int[] {0, 15, 16, 20, -1}) {
            flip(key, index);
            try (Journal journal = open()) {
                requireFailure(journal.read(A, Vid.EPOCH), "event number 2 of stream " + A);
                assertThat(JournalTestKit.await(journal.read(A, vid(2)).collectList()))
                        .hasSize(2);
                assertThat(JournalTestKit.await(journal.read(B, Vid.EPOCH).collectList()))
                        .hasSize(2);
            }
            flip(key, index);
        }
        try (Journal journal = open()) {
            assertThat(JournalTestKit.await(journal.read(A, Vid.EPOCH).collectList()))
                    .hasSize(4);
        }
    }

    @Test
    void eventUnderAWrongKeyIsNotServed() throws RocksDBException {
        damage((store, batch) -> {
            batch.put(StoreKeys.event(A, 1), Objects.requireNonNull(store.get(StoreKeys.event(A, 2))));
            batch.put(StoreKeys.event(A, 2), Objects.requireNonNull(store.get(StoreKeys.event(A, 1))));
        });
        try (Journal journal = open()) {
            requireFailure(journal.read(A, Vid.EPOCH), "event number 2 of stream " + A);
        }
    }

    @Test
    void missingEventIsNamed() throws RocksDBException {
        for (long place : new long[] {0, 1, 3}) {
            byte[][] value = new byte[1][];
            damage((store, batch) -> {
                value[0] = Objects.requireNonNull(store.get(StoreKeys.event(A, place)));
                batch.delete(StoreKeys.event(A, place));
            });
            try (Journal journal = open()) {
                requireFailure(
                        journal.read(A, Vid.EPOCH), "event number " + (place + 1) + " of stream " + A + " is missing");
            }
            damage((store, batch) -> batch.put(StoreKeys.event(A, place), value[0]));
        }
    }

    @Test
    void changedTailOrIndexIsNamedAndRefusesAppends() throws RocksDBException {
        flip(StoreKeys.tail(A), 3);
        flip(StoreKeys.place(B, vid(4)), 2);
        try (Journal journal = open()) {
            requireFailure(journal.read(A, Vid.EPOCH), "the tail record of stream " + A);
            requireFailure(journal.tail(A).flux(), "the tail record of stream " + A);
            requireFailure(journal.append(List.of(append(A, null, 7))).flux(), "the tail record of stream " + A);
            requireFailure(journal.read(B, vid(4)), "the index entry of event " + vid(4) + " of stream " + B);
            assertThat(JournalTestKit.await(journal.append(List.of(append(B, vid(6), 7)))))
                    .isEqualTo(4);
        }
    }

    @Test
    void changedOrMissingChangeIsNamed() throws RocksDBException {
        flip(StoreKeys.change(2), 5);
        try (Journal journal = open()) {
            requireFailure(journal.changes(0), "the change record of position 2");
            assertThat(JournalTestKit.await(journal.changes(2).next())).isEqualTo(new Change(3, B, vid(6)));
        }
        damage((store, batch) -> batch.delete(StoreKeys.change(2)));
        try (Journal journal = open()) {
            requireFailure(journal.changes(0), "the change record of position 2 is missing");
            requireFailure(journal.changes(1), "the change record of position 2 is missing");
        }
    }

    @Test
    void damagedHeadIsRefusedWhenOpening() throws RocksDBException {
        flip(StoreKeys.head(), 7);
        assertThatThrownBy(this::open).hasMessageContaining("the head record fails its checksum");
        damage((store, batch) -> batch.delete(StoreKeys.head()));
        assertThatThrownBy(this::open)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("its head record is missing");
    }

    @Test
    void headThatDisagreesWithTheChangesIsRefusedWhenOpening() throws RocksDBException {
        damage((store, batch) -> batch.delete(StoreKeys.change(3)));
        assertThatThrownBy(this::open)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("its last change record is not that of position 3");
    }
}
