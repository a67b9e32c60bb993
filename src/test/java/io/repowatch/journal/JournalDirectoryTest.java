package io.repowatch.journal;

import static io.repowatch.journal.Samples.A;
import static io.repowatch.journal.Samples.append;
import static io.repowatch.journal.Samples.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What an embedded journal opens, what it refuses, and that a refusal changes nothing. */
class JournalDirectoryTest {
    private final Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "journal-reads");

    @TempDir
    Path temp;

    private Path directory;

    @BeforeEach
    void name() throws IOException {
        directory = temp.toRealPath().resolve("journal");
    }

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private EmbeddedJournal open() {
        return EmbeddedJournal.open(directory, EmbeddedConfig.builder(reads).build());
    }

    private void makeJournalWithOneEvent() {
        try (EmbeddedJournal journal = open()) {
            JournalTestKit.await(journal.append(List.of(append(A, null, 1))));
        }
    }

    private void requireThatItOpens(String... events) {
        try (EmbeddedJournal journal = open()) {
            assertThat(JournalTestKit.await(
                            journal.read(A, Vid.EPOCH).map(Samples::text).collectList()))
                    .containsExactly(events);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refusal() throws IOException {
        Map<String, Long> before = files();
        AbstractThrowableAssert<?, ? extends Throwable> refusal = assertThatThrownBy(this::open)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(directory.toString());
        assertThat(files()).containsAllEntriesOf(before);
        return refusal;
    }

    private Map<String, Long> files() throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(path -> Files.isRegularFile(path)).toList()) {
                // The store renames and writes its own log, and takes its own lock, also when it does not open.
                if (!path.getFileName().toString().matches("LOG.*|lock|LOCK")) {
                    files.put(path.toString(), Files.size(path));
                }
            }
        }
        return files;
    }

    private void delete(String name) throws IOException {
        try (Stream<Path> paths = Files.walk(directory.resolve(name))) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void missingOrEmptyDirectoryBecomesAJournal() throws IOException {
        makeJournalWithOneEvent();
        requireThatItOpens(texts(1).get(0));
        directory = temp.resolve("empty");
        Files.createDirectory(directory);
        requireThatItOpens();
    }

    @Test
    void secondOpenInTheSameProcessIsRefusedAndDoesNotReleaseTheFirst() throws IOException {
        try (EmbeddedJournal journal = open()) {
            for (int i = 0; i < 2; i++) {
                refusal().hasMessageContaining("is in use by this process").hasMessageContaining("stop that one first");
            }
            Path alias = temp.resolve("alias");
            Files.createSymbolicLink(alias, directory);
            assertThatThrownBy(() -> EmbeddedJournal.open(
                            alias, EmbeddedConfig.builder(reads).build()))
                    .hasMessageContaining("is in use by this process");
            JournalTestKit.await(journal.append(List.of(append(A, null, 1))));
        }
        requireThatItOpens(texts(1).get(0));
    }

    @Test
    void directoryWithOtherFilesIsRefusedAndLeftAlone() throws IOException {
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("holiday.jpg"), "x");
        refusal().hasMessageContaining("is not a journal: it contains \"holiday.jpg\"");
        assertThat(directory.toFile().list()).containsExactly("holiday.jpg");
    }

    @Test
    void fileInPlaceOfTheDirectoryIsRefused() throws IOException {
        Files.writeString(directory, "x");
        refusal().hasMessageContaining("is not a directory");
    }

    @Test
    void newerFormatIsRefusedByName() throws IOException {
        makeJournalWithOneEvent();
        Files.writeString(directory.resolve("FORMAT"), "repowatch journal\nformat version 2\n");
        refusal().hasMessageContaining("format version 2; this version of Repowatch reads up to 1");
    }

    @Test
    void missingOrDamagedMarkerIsRefused() throws IOException {
        makeJournalWithOneEvent();
        for (String damaged :
                List.of("", "repowatch journal\nformat version one\n", "format version 1\n", "\u0000\u0001")) {
            Files.writeString(directory.resolve("FORMAT"), damaged);
            refusal().hasMessageContaining("FORMAT is damaged").hasMessageContaining("backup");
        }
        Files.writeString(directory.resolve("FORMAT"), "repowatch journal\nformat version 0\n");
        refusal().hasMessageContaining("no format version 0");
        Files.delete(directory.resolve("FORMAT"));
        refusal().hasMessageContaining("no FORMAT file");
    }

    @Test
    void lostStoreIsRefusedNotMadeAnew() throws IOException {
        makeJournalWithOneEvent();
        delete("store");
        refusal().hasMessageContaining("has lost its \"store\" directory");
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void emptiedStoreIsRefused() throws IOException {
        makeJournalWithOneEvent();
        delete("store");
        Files.createDirectory(directory.resolve("store"));
        refusal().hasMessageContaining("cannot open the store");
    }

    @Test
    void interruptedCreationIsBegunAnewAtEveryStep() throws IOException {
        makeJournalWithOneEvent();
        // Before the marker: a lock, part of a store, a part of a marker.
        delete("store");
        Files.delete(directory.resolve("FORMAT"));
        Files.createDirectory(directory.resolve("store.new"));
        Files.writeString(directory.resolve("store.new").resolve("CURRENT"), "half");
        Files.writeString(directory.resolve("FORMAT.new"), "repo");
        requireThatItOpens();
        // After the marker, before the store has its name.
        Files.move(directory.resolve("store"), directory.resolve("store.new"));
        requireThatItOpens();
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("FORMAT", "store", "acknowledged", "lock");
        requireThatItOpens();
    }

    @Test
    void lostEndOfTheLogIsNoticed() throws IOException {
        makeJournalWithOneEvent();
        makeMore(2);
        Path log = newestLog();
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 1));
        refusal()
                .hasMessageContaining("it ends at position 1, but position 2 was acknowledged")
                .hasMessageContaining("restore the directory from a backup");
        Files.delete(directory.resolve("acknowledged"));
        requireThatItOpens(texts(1).get(0));
    }

    @Test
    void damagedMarkOfWhatWasAcknowledgedCostsOnlyTheCheck() throws IOException {
        makeJournalWithOneEvent();
        Files.write(directory.resolve("acknowledged"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        requireThatItOpens(texts(1).get(0));
        Files.write(directory.resolve("acknowledged"), new byte[0]);
        requireThatItOpens(texts(1).get(0));
    }

    @Test
    void tornLastWriteThatWasNeverAcknowledgedIsDropped() throws IOException {
        makeJournalWithOneEvent();
        byte[] acknowledged = Files.readAllBytes(directory.resolve("acknowledged"));
        makeMore(2);
        Files.write(directory.resolve("acknowledged"), acknowledged);
        Path log = newestLog();
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 5));
        requireThatItOpens(texts(1).get(0));
    }

    private void makeMore(long number) {
        try (EmbeddedJournal journal = open()) {
            JournalTestKit.await(journal.append(List.of(append(A, null, number))));
        }
    }

    private Path newestLog() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("store"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow();
        }
    }
}
