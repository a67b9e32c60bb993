package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What {@code backup} and {@code restore} take, refuse, and leave behind. */
class BackupTest {
    private static final UUID REPO = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final StreamId STREAM = new StreamId((byte) 3, REPO);

    private final Scheduler reads = Schedulers.newBoundedElastic(1, 1_000, "journal-reads");

    @TempDir
    static Path template = Path.of("");

    @TempDir
    Path temp;

    private Path data = Path.of("");
    private Path target = Path.of("");
    private Path restored = Path.of("");
    private Path shadow = Path.of("");

    @BeforeEach
    void fill() throws IOException {
        data = temp.toRealPath().resolve("data");
        target = data.resolveSibling("backup");
        restored = data.resolveSibling("restored");
        shadow = data.resolve("shadow/srv/p").resolve(REPO + ".fso");
        copyTree(template.toRealPath().resolve("data"), data);
    }

    @BeforeAll
    static void makeTemplate() throws IOException, InterruptedException {
        BackupTest maker = new BackupTest();
        maker.data = template.toRealPath().resolve("data");
        maker.shadow = maker.data.resolve("shadow/srv/p").resolve(REPO + ".fso");
        maker.append(1);
        maker.append(2);
        maker.makeShadow();
        maker.stop();
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    @AfterEach
    void stop() {
        reads.dispose();
    }

    private EmbeddedJournal open(Path directory) {
        return EmbeddedJournal.open(
                directory.resolve("journal"), EmbeddedConfig.builder(reads).build());
    }

    private void append(int number) {
        try (EmbeddedJournal journal = open(data)) {
            StoredEvent event = new StoredEvent(new Vid(number, number), new byte[] {(byte) number});
            journal.append(List.of(new Append(STREAM, null, List.of(event)))).block(Duration.ofSeconds(60));
        }
    }

    private long position(Path directory) {
        try (EmbeddedJournal journal = open(directory)) {
            return journal.position();
        }
    }

    private void makeShadow() throws IOException, InterruptedException {
        Files.createDirectories(shadow);
        git("init", "-q", "-b", "master-stub");
        git("commit", "-q", "--allow-empty", "-m", "init");
        git("checkout", "-q", "-b", "master-stat");
        git("commit", "-q", "--allow-empty", "-m", "stat");
        git("gc", "-q");
        Files.createDirectory(shadow.resolve(".git/fso"));
        Files.writeString(shadow.resolve(".git/fso/uuid"), REPO + "\n");
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", shadow.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "GIT_CONFIG_NOSYSTEM", "1",
                        "GIT_CONFIG_GLOBAL", "/dev/null",
                        "GIT_AUTHOR_NAME", "t",
                        "GIT_AUTHOR_EMAIL", "t@t",
                        "GIT_COMMITTER_NAME", "t",
                        "GIT_COMMITTER_EMAIL", "t@t"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private Cli backup(String... more) {
        return Cli.run(Stream.concat(Stream.of("backup", data.toString(), target.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private Cli restore() {
        return Cli.run("restore", target.toString(), restored.toString());
    }

    private static void requireOk(Cli cli) {
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isZero();
    }

    private static void requireRefusal(Cli cli, String... texts) {
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.err()).startsWith("repowatch: ").contains(texts);
        assertThat(cli.out()).isEmpty();
    }

    @Test
    void whatIsBackedUpIsRestored() throws IOException, InterruptedException {
        String log = git("log", "--format=%H", "master-stat");
        Cli backup = backup();
        requireOk(backup);
        assertThat(backup.out()).contains("backup of " + data, target.toString(), "position 2", "1 shadow repos");
        append(3);
        remove(data);
        restored = data;
        Cli restore = restore();
        requireOk(restore);
        assertThat(restore.out()).contains("restored to " + data, "position 2", "1 shadow repos");
        assertThat(position(data)).isEqualTo(2);
        assertThat(git("log", "--format=%H", "master-stat")).isEqualTo(log);
        assertThat(git("fsck", "--strict", "--no-progress")).isEmpty();
        // The backup is still one.
        restored = data.resolveSibling("again");
        assertThat(restore().exitCode()).isZero();
    }

    @Test
    void aRestoreElsewhereSaysWhatBecomesOfTheShadows() {
        requireOk(backup());
        Cli restore = restore();
        assertThat(restore.exitCode()).isZero();
        assertThat(restore.err()).startsWith("repowatch: note: ").contains(data.toString());
    }

    @Test
    void theJournalAloneCanBeBackedUp() {
        Cli backup = backup("--journal-only");
        requireOk(backup);
        assertThat(backup.out()).contains("position 2", "no shadow repos");
        assertThat(target.resolve("shadow")).doesNotExist();
        assertThat(restore().exitCode()).isZero();
        assertThat(restored.resolve("shadow")).doesNotExist();
        assertThat(position(restored)).isEqualTo(2);
    }

    @Test
    void aJournalInUseIsBackedUp() {
        try (EmbeddedJournal journal = open(data)) {
            requireOk(backup());
            assertThat(journal.position()).isEqualTo(2);
        }
    }

    @Test
    void aTargetThatIsNotEmptyIsRefusedAndLeftAsItIs() throws IOException {
        Files.createDirectory(target);
        Files.writeString(target.resolve("precious"), "x");
        requireRefusal(backup(), target + " is not empty", "\"precious\"");
        assertThat(Files.readString(target.resolve("precious"))).isEqualTo("x");
        Files.delete(target.resolve("precious"));
        requireOk(backup());
        requireRefusal(backup(), target + " is not empty");
        Files.createDirectories(restored);
        Files.createFile(restored.resolve("precious"));
        requireRefusal(restore(), restored + " is not empty", "\"precious\"");
    }

    @Test
    void directoriesInsideEachOtherAreRefused() throws IOException {
        target = data.resolve("backup");
        requireRefusal(backup(), "must not contain each other");
        Path link = Files.createSymbolicLink(data.resolveSibling("link"), data);
        target = link.resolve("shadow").resolve("backup");
        requireRefusal(backup(), "must not contain each other");
        assertThat(data.resolve("shadow/backup")).doesNotExist();
    }

    @Test
    void damagedSourcesAreRefusedByNameAndNothingIsLeft() throws IOException {
        Path uuid = shadow.resolve(".git/fso/uuid");
        Files.writeString(uuid, "?");
        requireRefusal(backup(), shadow + " is damaged");
        assertThat(target).doesNotExist();
        requireOk(backup("--journal-only"));
        remove(target);

        Files.createDirectory(target);
        Path format = data.resolve("journal/FORMAT");
        Files.writeString(format, "repowatch journal\nformat version 7\n");
        requireRefusal(backup(), data.resolve("journal") + " has format version 7");
        Files.delete(format);
        requireRefusal(backup(), data.resolve("journal") + " is not a journal");
        assertThat(target).as("it was there before").isEmptyDirectory();
        data = data.resolve("nothing");
        requireRefusal(backup(), data + " is not there");
    }

    @Test
    void aKilledBackupIsNotRestored() throws IOException {
        requireOk(backup());
        // The marker is written last.
        Path marker = target.resolve("BACKUP");
        String text = Files.readString(marker);
        Files.delete(marker);
        requireRefusal(restore(), target + " is not a backup that was finished");
        Files.writeString(marker, text);
        Files.createFile(target.resolve("journal/UNFINISHED"));
        requireRefusal(restore(), target.resolve("journal") + " is what a backup or restore left");
        assertThat(restored).doesNotExist();
    }

    @Test
    void aKilledRestoreIsNotServed() throws IOException {
        requireOk(backup());
        assertThat(restore().exitCode()).isZero();
        Files.createFile(restored.resolve("journal/UNFINISHED"));
        Cli serve = Cli.run("registry", "--data", restored.toString(), "--grpc", "127.0.0.1:0");
        requireRefusal(serve, "did not finish", restored.toString());
    }

    @Test
    void markersThatAreDamagedOrNewerAreRefused() throws IOException {
        requireOk(backup());
        Path marker = target.resolve("BACKUP");
        String text = Files.readString(marker);
        Files.writeString(marker, text.replace("version 1", "version 2") + "more: 1\n");
        requireRefusal(restore(), target + " has backup format version 2", "use a newer Repowatch");
        for (String damaged : new String[] {
            "",
            text.substring(0, text.length() - 1),
            text.substring(0, text.indexOf("shadow")),
            text.replace("version 1", "version 0"),
            text.replace("position 2", "position x"),
            text + "x"
        }) {
            Files.writeString(marker, damaged);
            requireRefusal(restore(), marker + " is damaged");
        }
        assertThat(restored).doesNotExist();
    }

    @Test
    void aBackupThatIsNoLongerWhatWasMadeIsRefused() throws IOException {
        requireOk(backup());
        Path copy = target.resolve(data.relativize(shadow));
        Path away = target.resolveSibling("away");
        Files.move(copy, away);
        requireRefusal(restore(), "has 0 shadow repos, not 1");
        Files.move(away, copy);
        Path kept = data;
        data = target;
        append(3);
        data = kept;
        requireRefusal(restore(), "ends at position 3, not 2");
        assertThat(restored).doesNotExist();
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
