package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.B;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.vid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Copies of journals: at rest, written to meanwhile, damaged, and of what is no journal. */
class JournalCopyTest {
    private final Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "journal-reads");

    @TempDir
    Path temp;

    private Path source = Path.of("");
    private Path target = Path.of("");

    @BeforeEach
    void fill() throws IOException {
        source = temp.toRealPath().resolve("journal");
        target = temp.toRealPath().resolve("copy");
        try (Journal journal = open(source)) {
            JournalTestKit.await(journal.append(List.of(append(A, null, 1, 2, 3), append(B, null, 4))));
            JournalTestKit.await(journal.append(List.of(append(A, null, 5))));
            JournalTestKit.await(journal.append(List.of(append(B, null, 6))));
        }
    }

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private EmbeddedJournal open(Path directory) {
        EmbeddedConfig config =
                EmbeddedConfig.builder(reads).writeBufferBytes(64 << 10).build();
        return EmbeddedJournal.open(directory, config);
    }

    private long copy(Path to) {
        JournalCopy copy = JournalCopy.begin(source, to);
        long position = copy.take();
        copy.finish();
        return position;
    }

    private static List<String> events(Journal journal, StreamId stream) {
        return JournalTestKit.await(
                journal.read(stream, Vid.EPOCH).map(Samples::text).collectList());
    }

    private Map<String, String> files(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                String content = Files.isRegularFile(path) ? Arrays.toString(Files.readAllBytes(path)) : "";
                files.put(directory.relativize(path).toString(), content);
            }
        }
        return files;
    }

    @Test
    void aJournalAtRestIsCopiedAndNothingInItChanges() throws IOException {
        Map<String, String> before = files(source);
        assertThat(copy(target)).isEqualTo(3);
        assertThat(files(source)).isEqualTo(before);
        try (Stream<Path> names = Files.list(target)) {
            assertThat(names.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("FORMAT", "store", "acknowledged");
        }
        try (EmbeddedJournal journal = open(target)) {
            assertThat(journal.position()).isEqualTo(3);
            assertThat(journal.newest()).isEqualTo(vid(6));
            assertThat(events(journal, A)).isEqualTo(Samples.texts(1, 2, 3, 5));
            assertThat(events(journal, B)).isEqualTo(Samples.texts(4, 6));
            assertThat(JournalTestKit.await(journal.append(List.of(append(A, vid(5), 7)))))
                    .isEqualTo(4);
        }
    }

    @Test
    void anEmptyJournalIsCopied() {
        source = temp.resolve("empty");
        open(source).close();
        assertThat(copy(target)).isZero();
        try (EmbeddedJournal journal = open(target)) {
            assertThat(journal.position()).isZero();
        }
    }

    @Test
    void copiesMadeWhileItIsWrittenHoldWhatWasAcknowledgedAndNoAppendInPart() throws InterruptedException {
        AtomicLong acknowledged = new AtomicLong();
        List<long[]> copies = new ArrayList<>();
        try (EmbeddedJournal journal = open(source)) {
            Thread writer = new Thread(() -> appendUntilInterrupted(journal, acknowledged));
            writer.start();
            for (int i = 0; i < 6; i++) {
                long atLeast = acknowledged.get();
                copies.add(new long[] {atLeast, copy(target.resolveSibling("copy" + i))});
            }
            writer.interrupt();
            writer.join();
        }
        for (int i = 0; i < copies.size(); i++) {
            long position = copies.get(i)[1];
            assertThat(position).as("copy " + i).isGreaterThanOrEqualTo(copies.get(i)[0]);
            try (EmbeddedJournal journal = open(target.resolveSibling("copy" + i))) {
                assertThat(journal.position()).isEqualTo(position);
                // Each append after the first three puts the same event into both streams.
                assertThat(events(journal, A)).hasSize((int) position - 3 + 4);
                assertThat(events(journal, B).stream().skip(2))
                        .isEqualTo(events(journal, A).stream().skip(4).toList());
            }
        }
        assertThat(copies.get(5)[1]).as("something was written meanwhile").isGreaterThan(copies.get(0)[1]);
    }

    /** Appends large enough that files are written, merged and deleted all the time. */
    private static void appendUntilInterrupted(EmbeddedJournal journal, AtomicLong acknowledged) {
        byte[] body = new byte[4 << 10];
        for (long n = 10; !Thread.currentThread().isInterrupted(); n++) {
            StoredEvent event = new StoredEvent(vid(n), body);
            List<Append> both = List.of(new Append(A, null, List.of(event)), new Append(B, null, List.of(event)));
            // Not a wait that an interrupt would end: the position must be known to be acknowledged or not.
            journal.append(both).subscribe(acknowledged::set);
            while (acknowledged.get() < n - 6) {
                Thread.onSpinWait();
            }
        }
    }

    private interface Damage {
        void to(RocksStore store, WriteBatch batch) throws RocksDBException;
    }

    private void damage(Damage damage) throws RocksDBException {
        EmbeddedConfig config = EmbeddedConfig.builder(reads).build();
        try (RocksStore store = RocksStore.open(source.resolve("store"), config);
                WriteBatch batch = new WriteBatch()) {
            damage.to(store, batch);
            store.write(batch);
        }
    }

    private void requireRefusal(String what) {
        assertThatThrownBy(() -> copy(target))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(source.toString())
                .hasMessageContaining(what);
        assertThatThrownBy(() -> open(target)).hasMessageContaining("did not finish");
    }

    private void requireNotBegun(String what) {
        assertThatThrownBy(() -> copy(target))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(what);
        assertThat(target.resolve("UNFINISHED")).doesNotExist();
    }

    @Test
    void everyRecordThatIsMissingIsNamed() throws RocksDBException, IOException {
        Map<byte[], String> records = new LinkedHashMap<>();
        records.put(StoreKeys.change(1), "the change record of position 1 is missing");
        records.put(StoreKeys.event(A, 1), "event number 2 of stream " + A + " is missing");
        records.put(StoreKeys.event(A, 3), "event number 4 of stream " + A + " is missing");
        records.put(StoreKeys.place(A, vid(2)), "has 4 events and 3 index entries");
        records.put(StoreKeys.place(B, vid(6)), "the index entry of event " + vid(6) + " of stream " + B);
        records.put(StoreKeys.tail(B), "the tail record of stream " + B + " is missing");
        records.put(StoreKeys.head(), "but position 3 was acknowledged");
        for (Map.Entry<byte[], String> record : records.entrySet()) {
            byte[][] value = new byte[1][];
            damage((store, batch) -> {
                value[0] = Objects.requireNonNull(store.get(record.getKey()));
                batch.delete(record.getKey());
            });
            requireRefusal(record.getValue());
            JournalDirectory.delete(target);
            damage((store, batch) -> batch.put(record.getKey(), value[0]));
        }
        assertThat(copy(target)).isEqualTo(3);
    }

    @Test
    void everyRecordThatFailsItsChecksumIsNamed() throws RocksDBException, IOException {
        Map<byte[], String> records = new LinkedHashMap<>();
        records.put(StoreKeys.change(2), "the change record of position 2");
        records.put(StoreKeys.event(A, 1), "event number 2 of stream " + A);
        records.put(StoreKeys.place(A, vid(2)), "the index entry of event " + vid(2) + " of stream " + A);
        records.put(StoreKeys.tail(B), "the tail record of stream " + B);
        records.put(StoreKeys.head(), "the head record");
        for (Map.Entry<byte[], String> record : records.entrySet()) {
            flip(record.getKey());
            requireRefusal(record.getValue() + " fails its checksum");
            JournalDirectory.delete(target);
            flip(record.getKey());
        }
    }

    private void flip(byte[] key) throws RocksDBException {
        damage((store, batch) -> {
            byte[] value = Objects.requireNonNull(store.get(key));
            value[value.length - 6] ^= 16;
            batch.put(key, value);
        });
    }

    @Test
    void recordsThatDoNotBelongTogetherAreRefused() throws RocksDBException, IOException {
        // Each is a record like any other; only the others say that it is not the right one.
        Map<Damage, String> damages = new LinkedHashMap<>();
        damages.put(
                (store, batch) ->
                        put(batch, StoreKeys.head(), key -> StoreRecords.head(key, new StoreRecords.Head(4, vid(6)))),
                "its last change record is not that of position 4");
        damages.put(
                (store, batch) ->
                        put(batch, StoreKeys.head(), key -> StoreRecords.head(key, new StoreRecords.Head(3, vid(9)))),
                "its greatest event id is " + vid(6) + ", not " + vid(9));
        damages.put(
                (store, batch) -> put(batch, StoreKeys.place(A, vid(2)), key -> StoreRecords.place(key, 2)),
                "the index entry of event " + vid(2) + " of stream " + A + " names another event");
        damages.put(
                (store, batch) -> put(batch, StoreKeys.tail(A), key -> StoreRecords.tail(key, new Tail(vid(3), 4))),
                "the tail record of stream " + A + " names another event than its last");
        damages.put(
                (store, batch) ->
                        put(batch, StoreKeys.tail(Samples.C), key -> StoreRecords.tail(key, new Tail(vid(3), 1))),
                "events of 2 streams, index entries of 2 and tail records of 3");
        damages.put(
                (store, batch) -> put(batch, new byte[] {'x'}, key -> key),
                "a record that format version 1 does not know");
        for (Map.Entry<Damage, String> damage : damages.entrySet()) {
            Path good = temp.resolve("good");
            copyTree(source, good);
            damage(damage.getKey());
            requireRefusal(damage.getValue());
            JournalDirectory.delete(target);
            JournalDirectory.delete(source);
            Files.move(good, source);
        }
    }

    private static void put(WriteBatch batch, byte[] key, UnaryOperator<byte[]> value) throws RocksDBException {
        batch.put(key, value.apply(key));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    @Test
    void aLogThatLostItsEndIsRefused() throws IOException {
        Path log;
        try (Stream<Path> files = Files.list(source.resolve("store"))) {
            log = files.filter(file -> file.toString().endsWith(".log"))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength(file.length() - 20);
        }
        requireRefusal("it ends at position 2, but position 3 was acknowledged");
    }

    @Test
    void withoutTheMarkNobodyKnowsWhatWasAcknowledgedUntilItIsOpenedOnce() throws IOException {
        Files.delete(source.resolve("acknowledged"));
        requireNotBegun(source.resolve("acknowledged") + " is missing or damaged");
        Files.write(source.resolve("acknowledged"), new byte[40]);
        requireNotBegun(source.resolve("acknowledged") + " is missing or damaged");
        open(source).close();
        assertThat(copy(target)).isEqualTo(3);
    }

    @Test
    void aNewerFormatIsRefusedBeforeAnythingIsTaken() throws IOException {
        Files.writeString(source.resolve("FORMAT"), "repowatch journal\nformat version 2\n");
        // The lock and the store need not even be there.
        JournalDirectory.delete(source.resolve("store"));
        requireNotBegun(source + " has format version 2");
        assertThat(target).doesNotExist();
    }

    @Test
    void whatIsNoJournalIsRefused() throws IOException {
        Files.delete(source.resolve("FORMAT"));
        requireNotBegun(source + " is not a journal");
        source = temp.resolve("nothing");
        requireNotBegun(source + " is not a journal");
    }

    @Test
    void theTargetMustBeEmpty() throws IOException {
        Files.createDirectory(target);
        Files.createFile(target.resolve("something"));
        requireNotBegun(target + " is not empty: it contains \"something\"");
        Files.delete(target.resolve("something"));
        assertThat(copy(target)).isEqualTo(3);
    }

    @Test
    void anUnfinishedCopyIsNeitherOpenedNorCopiedNorWrittenOver() {
        JournalCopy copy = JournalCopy.begin(source, target);
        copy.take();
        assertThatThrownBy(() -> open(target)).hasMessageContaining(target + " is what a backup or restore left");
        assertThatThrownBy(() -> JournalCopy.begin(target, temp.resolve("second")))
                .hasMessageContaining(target + " is what a backup or restore left");
        assertThatThrownBy(() -> JournalCopy.begin(source, target))
                .hasMessageContaining(target + " is what a backup or restore left");
        copy.finish();
        open(target).close();
    }
}
