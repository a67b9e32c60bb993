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
    private static final int KILLS = Integer.getInteger("repowatch.kill.count", 5);

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
                        "-Xmx128m",
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
            assertThat(said(out)).isEqualTo("open");
            assertThatThrownBy(() -> open(directory))
                    .hasMessageContaining(directory + " is in use by process " + first.pid());
        } finally {
            kill(first);
        }
        open(directory).close();
    }

    @Test
    @Timeout(120)
    void killedProcessLosesNothingItAcknowledged() throws Exception {
        Path directory = temp.resolve("journal");
        Random random = new Random(SEED);
        long acknowledged = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            String where = "seed " + SEED + ", kill " + kill;
            acknowledged = Math.max(acknowledged, killAfter(1 + random.nextInt(400), start(directory), where));
            try (EmbeddedJournal journal = open(directory)) {
                assertThat(journal.position()).as(where).isGreaterThanOrEqualTo(acknowledged);
                verify(journal, where);
                acknowledged = journal.position();
            }
            assertThat(temporary(directory)).as(where).isEmptyDirectory();
        }
    }

    /** Returns the last position that the process acknowledged, also those it printed while it was being killed. */
    private static long killAfter(int appends, Process process, String where) throws Exception {
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said(out)).as(where).isEqualTo("open");
            String line = said(out);
            while (line != null) {
                lines.add(line);
                if (lines.size() == appends) {
                    // By its handle: the process object would close the pipe and lose what was printed already.
                    process.toHandle().destroyForcibly();
                }
                line = said(out);
            }
        } finally {
            kill(process);
        }
        assertThat(lines).as(where).hasSizeGreaterThanOrEqualTo(appends);
        // The last line may be cut short by the kill, and is then a smaller number.
        return Math.max(
                Long.parseLong(lines.get(appends - 1)),
                lines.size() < 2 ? 0 : Long.parseLong(lines.get(lines.size() - 2)));
    }

    private static void verify(EmbeddedJournal journal, String where) {
        long last = journal.position();
        List<Change> expected = new ArrayList<>();
        for (long position = 1; position <= last; position++) {
            for (Append append : AppendingProcess.appendAt(position)) {
                expected.add(new Change(position, append.stream(), Samples.vid(position)));
            }
        }
        assertThat(JournalTestKit.await(journal.changes(0).take(expected.size()).collectList()))
                .as(where)
                .isEqualTo(expected);
        assertThat(read(journal, AppendingProcess.ALL)).as(where).isEqualTo(texts(LongStream.rangeClosed(1, last)));
        for (long lane = 0; lane < 7; lane++) {
            long remainder = lane;
            assertThat(read(journal, Samples.stream(1 + lane)))
                    .as("%s, lane %d", where, lane)
                    .isEqualTo(texts(LongStream.rangeClosed(1, last).filter(n -> n % 7 == remainder)));
        }
        for (long position = Math.max(1, last - 20); position <= last; position++) {
            assertThat(read(journal, Samples.stream(100 + position)))
                    .as("%s, position %d", where, position)
                    .isEqualTo(texts(LongStream.of(position)));
        }
        assertThat(read(journal, Samples.stream(100 + last + 1))).as(where).isEmpty();
    }

    private static List<String> texts(LongStream numbers) {
        return Samples.texts(numbers.toArray());
    }

    private static List<String> read(Journal journal, StreamId stream) {
        return JournalTestKit.await(
                journal.read(stream, Vid.EPOCH).map(Samples::text).collectList());
    }
}
