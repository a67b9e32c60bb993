package io.repowatch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.repowatch.id.Vid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Bit flips and truncations at seeded places of a copied directory: refused, or read right; never anything else. */
class DamagedFilesTest {
    private static final long SEED = Long.getLong("repowatch.damage.seed", 1);
    private static final int PLACES = Integer.getInteger("repowatch.damage.places", 40);
    private static final int APPENDS = 150;

    private final Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "journal-reads");

    @TempDir
    Path temp;

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private EmbeddedJournal open(Path directory) {
        EmbeddedConfig config =
                EmbeddedConfig.builder(reads).writeBufferBytes(64 << 10).build();
        return EmbeddedJournal.open(directory, config);
    }

    @Test
    void damageIsRefusedOrHarmless() throws IOException {
        Path original = temp.resolve("original");
        fill(original, 0);
        // A second part, so that there are sorted files and a log.
        fill(original, APPENDS);
        List<String> expected = contents(original);
        Random random = new Random(SEED);
        int refused = 0;
        for (int place = 0; place < PLACES; place++) {
            Path copy = temp.resolve("copy" + place);
            String damage = "seed " + SEED + ": " + damagedCopy(original, copy, random);
            requireThatACopyIsRefusedOrRight(copy, temp.resolve("backup" + place), damage, expected);
            try {
                assertThat(contents(copy)).as(damage).isEqualTo(expected);
            } catch (JournalException e) {
                refused++;
                assertThat(e.getMessage()).as(damage).matches("(?s).*(" + copy + "|the journal is damaged: ).*");
            } catch (RuntimeException e) {
                fail(damage, e);
            }
            delete(copy);
        }
        assertThat(refused).as("seed " + SEED + ": refused").isPositive();
    }

    private void requireThatACopyIsRefusedOrRight(Path source, Path target, String damage, List<String> expected)
            throws IOException {
        try {
            JournalCopy copy = JournalCopy.begin(source, target);
            copy.take();
            copy.finish();
        } catch (JournalException e) {
            assertThat(e.getMessage()).as(damage).contains(source.toString());
            return;
        }
        assertThat(contents(target)).as("copy, " + damage).isEqualTo(expected);
        delete(target);
    }

    private void fill(Path directory, int start) {
        Random random = new Random(start);
        try (Journal journal = open(directory)) {
            for (int n = start + 1; n <= start + APPENDS; n++) {
                byte[] body = new byte[random.nextInt(800)];
                random.nextBytes(body);
                StoredEvent event = new StoredEvent(Samples.vid(n), body);
                JournalTestKit.await(journal.append(List.of(
                        new Append(Samples.stream(n % 3), null, List.of(event)),
                        new Append(Samples.stream(9), null, List.of(event)))));
            }
        }
    }

    private List<String> contents(Path directory) {
        List<String> contents = new ArrayList<>();
        try (EmbeddedJournal journal = open(directory)) {
            contents.add(journal.position() + " " + journal.newest());
            journal.changes(0)
                    .take(4L * APPENDS)
                    .map(Change::toString)
                    .collectList()
                    .blockOptional(JournalTestKit.PATIENCE)
                    .ifPresent(contents::addAll);
            for (StreamId stream : JournalTestKit.await(journal.streams(Samples.CATEGORY)
                    .collectSortedList((a, b) -> a.entity().compareTo(b.entity())))) {
                contents.add(stream + " " + JournalTestKit.await(journal.tail(stream)));
                for (StoredEvent event :
                        JournalTestKit.await(journal.read(stream, Vid.EPOCH).collectList())) {
                    contents.add(event.id() + " " + Arrays.toString(event.body()));
                }
            }
        }
        return contents;
    }

    /** Copies and damages one byte or one end; returns what was done. */
    private static String damagedCopy(Path original, Path copy, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(original)) {
            files = paths.filter(path -> Files.isRegularFile(path)
                            && !path.getFileName().toString().matches("LOG.*|LOCK|lock"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            Path target = copy.resolve(original.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        List<Path> filled =
                files.stream().filter(file -> file.toFile().length() > 0).toList();
        Path victim = copy.resolve(original.relativize(filled.get(random.nextInt(filled.size()))));
        byte[] bytes = Files.readAllBytes(victim);
        int place = random.nextInt(bytes.length);
        if (random.nextBoolean()) {
            bytes[place] ^= (byte) (1 << random.nextInt(8));
            Files.write(victim, bytes);
            return "a bit of byte " + place + " of " + victim + " flipped";
        }
        Files.write(victim, Arrays.copyOf(bytes, place));
        return victim + " cut to " + place + " bytes";
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
