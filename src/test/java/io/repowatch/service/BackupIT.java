package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real {@code serve} that is written to while other processes back it up, is killed, and comes back from the backup. */
class BackupIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FIRST = 6;
    private static final int MORE = 12;
    private static final String AUTHOR = "N <n@localhost>";

    @TempDir
    Path temp;

    private final ObjectMapper json = new ObjectMapper();
    private final List<String> repos = new CopyOnWriteArrayList<>();
    private final List<String> registries = new CopyOnWriteArrayList<>();
    private Path projects = Path.of("");
    private Path data = Path.of("");
    private Path target = Path.of("");
    private volatile boolean enough;

    @BeforeEach
    void makeProjects() throws IOException {
        Path real = temp.toRealPath();
        projects = Files.createDirectory(real.resolve("projects"));
        data = real.resolve("data");
        target = real.resolve("backup");
        for (int i = 0; i < FIRST; i++) {
            Files.writeString(Files.createDirectory(projects.resolve("p" + i)).resolve("f"), "f");
        }
    }

    @Test
    void everythingAcknowledgedBeforeTheBackupIsThereAgainAndEnabled() throws IOException, InterruptedException {
        List<String> reposBefore;
        List<String> registriesBefore;
        String eventsBefore;
        try (ServerProcess server = serve()) {
            String address = server.awaitReady();
            Thread writer = new Thread(() -> write(address));
            writer.start();
            await().atMost(PATIENCE).until(() -> repos.size() >= 5);

            requireThatAKilledBackupIsNone();
            reposBefore = List.copyOf(repos);
            registriesBefore = List.copyOf(registries);
            eventsBefore = ok("events", "repo", reposBefore.get(0), "--server", address);
            try (ServerProcess backup = ServerProcess.start("backup", temp, data.toString(), target.toString())) {
                assertThat(backup.awaitExit()).as(backup.err()).isZero();
                assertThat(backup.out()).contains("backup of " + data);
            }
            int during = registries.size();
            await().atMost(PATIENCE).until(() -> registries.size() > during);
            server.kill();
            enough = true;
            writer.join();
        }
        remove(data);
        assertThat(Cli.run("restore", target.toString(), data.toString()))
                .satisfies(cli -> assertThat(cli.err()).isEmpty())
                .satisfies(cli -> assertThat(cli.exitCode()).isZero());

        try (ServerProcess server = serve()) {
            String address = server.awaitReady();
            assertThat(ids(address)).containsAll(reposBefore);
            assertThat(ok("get", "registries", "--server", address)).contains(registriesBefore);
            assertThat(ok("events", "repo", reposBefore.get(0), "--server", address))
                    .startsWith(eventsBefore);
            String status = ok("status", "--server", address);
            long directories;
            try (Stream<Path> names = Files.list(projects)) {
                directories = names.count();
            }
            assertThat(status).containsPattern("enabled +" + directories + "\n");
            assertThat(status).doesNotContainPattern("error +[1-9]");
            requireOneUsableShadowEach(reposBefore, address);
        }
    }

    private ServerProcess serve() throws IOException {
        return ServerProcess.start(temp, projects.toString(), "--data", data.toString(), "--grpc", "127.0.0.1:0");
    }

    /** Makes some repos, then registries, one after the other, and notes what was answered. */
    private void write(String address) {
        for (int i = 0; !enough; i++) {
            if (i < MORE) {
                makeRepo("w" + i, address);
            } else if (Cli.run("init", "registry", "r" + i, "--server", address).exitCode() == 0) {
                registries.add("r" + i);
            }
        }
    }

    private void makeRepo(String name, String address) {
        try {
            Files.createDirectory(projects.resolve(name));
            Cli init = Cli.run(
                    "init", "repo", "local", "/local/" + name, "--author", AUTHOR, "--server", address, "-o", "json");
            if (init.exitCode() == 0) {
                repos.add(json.readTree(init.out()).get("repo").asText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireThatAKilledBackupIsNone() throws IOException, InterruptedException {
        Path unfinished = target.resolveSibling("killed");
        try (ServerProcess backup = ServerProcess.start("backup", temp, data.toString(), unfinished.toString())) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> Files.exists(unfinished.resolve("journal/UNFINISHED")));
            backup.kill();
        }
        assertThat(unfinished.resolve("BACKUP")).doesNotExist();
        Cli restore = Cli.run(
                "restore", unfinished.toString(), target.resolveSibling("none").toString());
        assertThat(restore.exitCode()).isEqualTo(1);
        assertThat(restore.err()).contains(unfinished + " is not a backup that was finished");
    }

    private List<String> ids(String address) throws IOException {
        return json.readTree(ok("get", "repos", "local", "-o", "json", "--server", address))
                .get("repos")
                .findValuesAsText("id");
    }

    private static void requireOneUsableShadowEach(List<String> repos, String address) {
        for (String repo : repos) {
            assertThat(ok("stat", repo, "--author", AUTHOR, "--server", address, "--observer", address))
                    .contains("up to date");
            assertThat(ok("events", "repo", repo, "--server", address).lines())
                    .filteredOn(line -> line.contains("SHADOW_REPO_CREATED"))
                    .as(repo)
                    .hasSize(1);
        }
    }

    private static String ok(String... command) {
        Cli cli = Cli.run(command);
        assertThat(cli.err()).as(String.join(" ", command)).isEmpty();
        assertThat(cli.exitCode()).as(String.join(" ", command)).isZero();
        return cli.out();
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
