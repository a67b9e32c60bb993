package io.repowatch.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Two processes on one directory, and a process that is killed. */
class JournalProcessTest {
    private static final long SEED = Long.getLong("repowatch.kill.seed", 1);
    private static final int KILLS = Integer.getInteger("repowatch.kill.count", 20);
    private static final ScheduledExecutorService KILLER = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "killer");
        thread.setDaemon(true);
        return thread;
    });

    private final Scheduler reads = Schedulers.newBoundedElastic(2, 1_000, "journal-reads");

    @TempDir
    Path temp;

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private EmbeddedJournal open(Path directory) {
        return EmbeddedJournal.open(directory, EmbeddedConfig.builder(reads).build());
    }

    private static Process start(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary(directory),
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        AppendingProcess.class.getName(),
                        directory.toString())
                .redirectError(new File(directory + ".stderr"))
                .start();
    }

    private static Path temporary(Path directory) throws IOException {
        return Files.createDirectories(Path.of(directory + ".tmp"));
    }

    /** The next thing the process says, null when it has ended. */
    private static @Nullable String said(BufferedReader out) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(AppendingProcess.SAYS)) {
            line = out.readLine();
        }
        return line == null ? null : line.substring(AppendingProcess.SAYS.length());
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Timeout(60)
    void secondProcessIsRefusedAtOnceAndToldWhatToDo() throws Exception {
        Path directory = temp.toRealPath().resolve("journal");
        try (Journal journal = open(directory)) {
            Process second = start(directory);
            try (BufferedReader out = second.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said(out)).isEqualTo("opening");
                assertThat(said(out))
                        .isEqualTo("refused: the journal " + directory + " is in use by process "
                                + ProcessHandle.current().pid()
                                + "; stop that one first, or use another directory");
                assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                kill(second);
            }
            JournalTestKit.await(journal.append(AppendingProcess.appendAt(1)));
        }
        Process first = start(directory);
        try (BufferedReader out = first.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said(out)).isEqualTo("opening");
            assertThat(said(out)).isEqualTo("open");
            assertThatThrownBy(() -> open(directory))
                    .hasMessageContaining(directory + " is in use by process " + first.pid());
        } finally {
            kill(first);
        }
        open(directory).close();
    }

    /** The long form is {@code -Drepowatch.kill.count=200}; the seed is {@code -Drepowatch.kill.seed}. */
    @Test
    @Timeout(1_200)
    void killedProcessLosesNothingItAcknowledged() throws Exception {
        Path directory = temp.resolve("journal");
        Random random = new Random(SEED);
        long known = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            String where = "seed " + SEED + ", kill " + kill;
            long acknowledged = kill(directory, random, kill % 4 == 0, where);
            try (EmbeddedJournal journal = open(directory)) {
                assertThat(journal.position()).as(where).isGreaterThanOrEqualTo(Math.max(acknowledged, known));
                verify(journal, known, where);
                known = journal.position();
            }
            assertThat(temporary(directory)).as(where).isEmptyDirectory();
        }
        assertThat(known).as("seed " + SEED + ": appends").isPositive();
        for (int opening = 1; opening <= 3; opening++) {
            try (EmbeddedJournal journal = open(directory)) {
                assertThat(journal.position()).isEqualTo(known);
                verify(journal, 0, "seed " + SEED + ", opening " + opening);
            }
        }
        System.out.println("killed " + KILLS + " times, seed " + SEED + ": " + known + " appends complete");
    }

    /**
     * Starts a process and kills it at a random moment, while it opens the journal or after its first answer. Returns the last
     * position that it acknowledged, also of those it printed while it was being killed; 0 if there is none.
     */
    private static long kill(Path directory, Random random, boolean whileOpening, String where) throws Exception {
        Process process = start(directory);
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said(out)).as(where).isEqualTo("opening");
            if (!whileOpening) {
                assertThat(said(out)).as(where).isEqualTo("open");
                lines.add(said(out));
            }
            long delay = random.nextInt(whileOpening ? 60_000 : 150_000);
            // By its handle: the process object would close the pipe and lose what was printed already.
            Future<Boolean> killing =
                    KILLER.schedule(() -> process.toHandle().destroyForcibly(), delay, TimeUnit.MICROSECONDS);
            for (String line = said(out); line != null; line = said(out)) {
                lines.add(line);
            }
            assertThat(killing.get()).as(where).isTrue();
        } finally {
            kill(process);
        }
        assertThat(process.exitValue()).as(where + ": killed, not ended").isEqualTo(128 + 9);
        lines.remove("open");
        return acknowledged(lines);
    }

    /** The last line may be cut short by the kill, and is then a smaller number. */
    private static long acknowledged(List<String> lines) {
        return lines.stream()
                .skip(Math.max(0, lines.size() - 2))
                .filter(line -> line.matches("\\d+"))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    /** Every append after {@code known} is there in each of its streams and in the feed, in order, and nothing else. */
    private static void verify(EmbeddedJournal journal, long known, String where) {
        long last = journal.position();
        assertThat(JournalTestKit.await(journal.changes(known)
                        .take(3 * (last - known))
                        .index((i, change) -> difference(known + 1 + i / 3, (int) (i % 3), change))
                        .filter(difference -> !difference.isEmpty())
                        .next()
                        .defaultIfEmpty("")))
                .as(where)
                .isEmpty();
        for (long lane = -1; lane < 7; lane++) {
            long remainder = lane;
            StreamId stream = lane < 0 ? AppendingProcess.ALL : Samples.stream(1 + lane);
            long before = lane < 0 ? known : known - Math.floorMod(known - lane, 7);
            assertThat(read(journal, stream, before <= 0 ? Vid.EPOCH : Samples.vid(before)))
                    .as("%s, %s", where, stream)
                    .isEqualTo(texts(
                            LongStream.rangeClosed(known + 1, last).filter(n -> remainder < 0 || n % 7 == remainder)));
        }
        for (long position = Math.max(known + 1, last - 20); position <= last; position++) {
            assertThat(read(journal, Samples.stream(100 + position), Vid.EPOCH))
                    .as("%s, position %d", where, position)
                    .isEqualTo(texts(LongStream.of(position)));
        }
        assertThat(read(journal, Samples.stream(100 + last + 1), Vid.EPOCH))
                .as(where)
                .isEmpty();
    }

    private static String difference(long position, int part, Change change) {
        StreamId stream = AppendingProcess.appendAt(position).get(part).stream();
        Change expected = new Change(position, stream, Samples.vid(position));
        return change.equals(expected) ? "" : change + " instead of " + expected;
    }

    private static List<String> texts(LongStream numbers) {
        return Samples.texts(numbers.toArray());
    }

    private static List<String> read(Journal journal, StreamId stream, Vid after) {
        return JournalTestKit.await(
                journal.read(stream, after).map(Samples::text).collectList());
    }
}
