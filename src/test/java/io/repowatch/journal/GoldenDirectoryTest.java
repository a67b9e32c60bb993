package io.repowatch.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A data directory that format version 1 wrote, and that every later version has to read. {@code main} made it; it is never
 * made again, a new format version gets a directory of its own.
 */
class GoldenDirectoryTest {
    private static final String GOLDEN = "/journal/format-1.zip";
    private static final int APPENDS = 60;
    private static final int STREAMS = 7;

    private final Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "journal-reads");

    @TempDir
    Path temp;

    @AfterEach
    void stop() {
        reads.dispose();
    }

    /** Makes the zip file that is its argument. */
    public static void main(String[] args) throws IOException {
        Path directory = Files.createTempDirectory("golden");
        Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "journal-reads");
        // In three parts: each opening sorts what the one before has left in its log into files, the last log stays.
        for (int part = 0; part < 3; part++) {
            try (EmbeddedJournal journal = open(directory.resolve("journal"), reads)) {
                for (int i = part * APPENDS / 3; i < (part + 1) * APPENDS / 3; i++) {
                    JournalTestKit.await(journal.append(append(i)));
                }
            }
        }
        reads.dispose();
        pack(directory, Path.of(args[0]));
    }

    private static void pack(Path directory, Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
                Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = path.getFileName().toString();
                if (!name.startsWith("LOG")) {
                    zip.putNextEntry(new ZipEntry(directory.relativize(path).toString()));
                    Files.copy(path, zip);
                }
            }
        }
    }

    private static void unpack(Path directory) throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenDirectoryTest.class.getResourceAsStream(GOLDEN), GOLDEN);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName()).normalize();
                assertThat(file.startsWith(directory)).as(entry.getName()).isTrue();
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    /** Every third append writes to two streams at once; bodies have all lengths, also none. */
    private static List<Append> append(int number) {
        Append first = part(number, number % STREAMS, 0);
        return number % 3 == 0 ? List.of(first, part(number, (number + 1) % STREAMS, 1)) : List.of(first);
    }

    private static Append part(int number, int stream, int half) {
        byte[] body = new byte[number * number % 500];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (number * 31 + i * 7 + half);
        }
        return new Append(
                Samples.stream(stream + 1),
                null,
                List.of(
                        new StoredEvent(Samples.vid(4L * number + 2 * half + 1), body),
                        new StoredEvent(Samples.vid(4L * number + 2 * half + 2), new byte[] {(byte) number})));
    }

    private static EmbeddedJournal open(Path directory, Scheduler reads) {
        return EmbeddedJournal.open(
                directory,
                EmbeddedConfig.builder(reads).writeBufferBytes(64 << 10).build());
    }

    @Test
    void everyStreamEventAndPositionIsRead() throws IOException {
        unpack(temp);
        try (EmbeddedJournal journal = open(temp.resolve("journal"), reads)) {
            assertThat(journal.position()).isEqualTo(APPENDS);
            assertThat(JournalTestKit.await(journal.streams(Samples.CATEGORY).collectList()))
                    .hasSize(STREAMS);
            for (int stream = 0; stream < STREAMS; stream++) {
                StreamId id = Samples.stream(stream + 1);
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < APPENDS; i++) {
                    append(i).stream()
                            .filter(part -> part.stream().equals(id))
                            .flatMap(part -> part.events().stream())
                            .map(GoldenDirectoryTest::text)
                            .forEach(expected::add);
                }
                assertThat(JournalTestKit.await(journal.read(id, Vid.EPOCH).collectList()))
                        .extracting(GoldenDirectoryTest::text)
                        .isEqualTo(expected);
            }
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < APPENDS; i++) {
                for (Append part : append(i)) {
                    changes.add(new Change(
                            i + 1, part.stream(), part.events().get(1).id()));
                }
            }
            assertThat(JournalTestKit.await(
                            journal.changes(0).take(changes.size()).collectList()))
                    .isEqualTo(changes);

            JournalTestKit.await(journal.append(append(APPENDS)));
            assertThat(journal.position()).isEqualTo(APPENDS + 1);
        }
    }

    private static String text(StoredEvent event) {
        return event.id() + " " + HexFormat.of().formatHex(event.body());
    }
}
