package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a process, driven by the command line. */
class ServeIT {
    @TempDir
    Path temp;

    private Path projects = Path.of("");
    private Path data = Path.of("");

    @BeforeEach
    void makeProjects() throws IOException {
        Path real = temp.toRealPath();
        projects = Files.createDirectory(real.resolve("projects"));
        data = real.resolve("data");
        for (String name : new String[] {"a", "b"}) {
            Files.createDirectory(projects.resolve(name));
        }
    }

    @Test
    void everythingAcknowledgedIsThereAfterSigterm() throws IOException, InterruptedException {
        UUID id = UUID.fromString("11111111-2222-4333-8444-555555555555");
        try (ServerProcess server = serve()) {
            String address = server.awaitReady();
            Files.createDirectory(projects.resolve("c"));
            Cli init = Cli.run(
                    "init",
                    "repo",
                    "local",
                    "/local/c",
                    "--author",
                    "N <n@localhost>",
                    "--repo-id",
                    id.toString(),
                    "--server",
                    address);
            assertThat(init.err()).isEmpty();
            assertThat(init.exitCode()).isZero();
            long before = System.nanoTime();
            server.terminate();
            server.awaitExit();
            assertThat(System.nanoTime() - before).as("nanoseconds to stop").isLessThan(10_000_000_000L);
        }
        try (ServerProcess server = serve()) {
            String address = server.awaitReady();
            assertThat(server.out()).contains("repos=3");
            Cli repo = Cli.run("get", "repo", id.toString(), "-o", "json", "--server", address);
            assertThat(repo.out()).contains("\"globalPath\":\"/local/c\"", "\"shadow\":\"localhost:" + data);
            Cli repeat = Cli.run(
                    "init",
                    "repo",
                    "local",
                    "/local/c",
                    "--author",
                    "N <n@localhost>",
                    "--repo-id",
                    id.toString(),
                    "--server",
                    address);
            assertThat(repeat.exitCode())
                    .as("repeating with the same id and path")
                    .isZero();
        }
    }

    /** The short form of the benchmarks' row 12. */
    @Test
    void aStartOnExistingDataReadsEachRepoOnceAndWritesNothing() throws IOException, InterruptedException {
        for (int n = 0; n < 18; n++) {
            Files.createDirectory(projects.resolve("more-" + n));
        }
        try (ServerProcess server = serve()) {
            server.awaitReady();
            server.terminate();
            server.awaitExit();
        }
        try (ServerProcess server = serve("--http", "127.0.0.1:0")) {
            server.awaitReady();
            URI metrics = URI.create("http://" + server.http() + "/metrics");
            String page = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(page)
                    .contains("repowatch_repos{state=\"enabled\"} 20.0\n")
                    .contains("repowatch_reads_total{class=\"repo\"} 20.0\n")
                    .contains("repowatch_journal_appends_total 0.0\n")
                    .contains("repowatch_journal_syncs_total 0.0\n");
            server.terminate();
            server.awaitExit();
        }
    }

    @Test
    void aRootThatMapsToAnotherDirectoryIsRefusedNamingBoth() throws IOException, InterruptedException {
        try (ServerProcess server = serve()) {
            server.awaitReady();
            server.terminate();
            server.awaitExit();
        }
        Path other = Files.createDirectory(temp.toRealPath().resolve("other"));
        try (ServerProcess server =
                ServerProcess.start(temp, other.toString(), "--data", data.toString(), "--grpc", "127.0.0.1:0")) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.err()).contains("repowatch: ", "/local", projects.toString(), other.toString());
            assertThat(server.out()).isEmpty();
        }
    }

    @Test
    void aSecondServerOnTheSameDataIsRefused() throws IOException, InterruptedException {
        try (ServerProcess first = serve()) {
            first.awaitReady();
            try (ServerProcess second = serve()) {
                assertThat(second.awaitExit()).isEqualTo(1);
                assertThat(second.err()).contains("repowatch: ", data.toString());
            }
            first.terminate();
            first.awaitExit();
        }
    }

    @Test
    void aTakenPortIsSaidAndNothingKeepsRunning() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess server = ServerProcess.start(
                        temp,
                        projects.toString(),
                        "--data",
                        data.toString(),
                        "--grpc",
                        "127.0.0.1:" + taken.getLocalPort())) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.err()).contains("repowatch: ", "127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void newDirectoriesAreFoundWhileItRunsAndLogsCanBeJson() throws IOException, InterruptedException {
        try (ServerProcess server = serve("--track-interval", "200ms", "--log", "json")) {
            String address = server.awaitReady();
            Files.createDirectory(projects.resolve("later"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(
                                    Cli.run("status", "--server", address).out())
                            .containsPattern("enabled +3\n"));
            server.terminate();
            server.awaitExit();
            ObjectMapper json = new ObjectMapper();
            for (String line :
                    server.err().lines().filter(l -> l.startsWith("{")).toList()) {
                assertThat(json.readTree(line).has("level")).as(line).isTrue();
            }
            assertThat(server.err()).contains("{");
        }
    }

    @Test
    void unknownRegistriesAndReposAreSaidToBeSo() throws IOException, InterruptedException {
        try (ServerProcess server = serve()) {
            String address = server.awaitReady();
            for (String[] command : new String[][] {
                {"info", "nope"},
                {"get", "repos", "nope"},
                {"get", "roots", "nope"},
                {"events", "registry", "nope"},
                {"init", "repo", "nope", "/local/a", "--author", "N <n@localhost>"}
            }) {
                Cli cli = Cli.run(withServer(command, address));
                assertThat(cli.exitCode()).as(String.join(" ", command)).isEqualTo(1);
                assertThat(cli.err()).startsWith("repowatch: no such registry: nope");
            }
            String unknown = "00000000-0000-4000-8000-000000000001";
            for (String[] command :
                    new String[][] {{"get", "repo", unknown}, {"events", "repo", unknown}, {"stat", unknown}}) {
                Cli cli = Cli.run(withServer(command, address));
                assertThat(cli.exitCode()).as(String.join(" ", command)).isEqualTo(1);
                assertThat(cli.err()).startsWith("repowatch: ");
            }
            server.terminate();
            server.awaitExit();
        }
    }

    @Test
    void everyCommandAnswersForPeopleAndForMachines() throws IOException, InterruptedException {
        Files.writeString(projects.resolve("a").resolve("first"), "1");
        try (ServerProcess server = serve()) {
            String address = server.awaitReady();
            ObjectMapper json = new ObjectMapper();

            assertThat(ok(address, "get", "registries")).containsPattern("local +yes");
            assertThat(ok(address, "get", "roots", "local")).containsPattern("/local +localhost +" + projects);
            assertThat(ok(address, "get", "repos", "local", "--prefix", "/local/b"))
                    .contains("/local/b")
                    .doesNotContain("/local/a");
            assertThat(ok(address, "info", "local")).containsPattern("local +1 +2 +\\w{26}");
            assertThat(json.readTree(ok(address, "info", "local", "-o", "json"))
                            .get("numRepos")
                            .asInt())
                    .isEqualTo(2);
            assertThat(ok(address, "init", "registry", "other")).contains("other");
            assertThat(ok(address, "init", "root", "other", "/o", "localhost:/nowhere"))
                    .contains("/o");
            assertThat(ok(address, "get", "roots", "other", "-o", "json")).contains("\"hostRoot\":\"/nowhere\"");

            String id = json.readTree(ok(address, "get", "repos", "local", "-o", "json"))
                    .get("repos")
                    .get(0)
                    .get("id")
                    .asText();
            String[] events = ok(address, "events", "repo", id, "-o", "json").split("\n");
            assertThat(events).hasSize(2);
            assertThat(json.readTree(events[1]).get("event").asText()).isEqualTo("EV_FSO_SHADOW_REPO_CREATED");
            String first = json.readTree(events[0]).get("id").asText();
            assertThat(ok(address, "events", "repo", id, "--after", first))
                    .contains("SHADOW_REPO_CREATED")
                    .doesNotContain("INIT_STARTED");

            Files.writeString(projects.resolve("a").resolve("second"), "2");
            assertThat(ok(address, "stat", id, "--author", "N <n@localhost>")).contains("up to date");
            assertThat(ok(address, "stat", id, "--observer", address, "-o", "json"))
                    .isEqualTo("{}\n");
            JsonNode status = json.readTree(ok(address, "status", "--state", "enabled", "--limit", "1", "-o", "json"));
            assertThat(status.get("total").asInt()).isEqualTo(2);
            assertThat(status.get("repos")).hasSize(1);
            assertThat(status.get("truncated").asBoolean()).isTrue();
            server.terminate();
            server.awaitExit();
        }
    }

    @Test
    void aStoredErrorIsClearedByItsTextAndAnotherTextIsRefused() throws IOException, InterruptedException {
        try (ServerProcess server = serve()) {
            String address = server.awaitReady();
            ObjectMapper json = new ObjectMapper();
            String id = json.readTree(ok(
                            address, "init", "repo", "local", "/local/x", "--author", "N <n@localhost>", "-o", "json"))
                    .get("repo")
                    .asText();
            Awaitility.await()
                    .until(() -> ok(address, "get", "repo", id, "-o", "json").contains("errorMessage"));
            String stored = json.readTree(ok(address, "get", "repo", id, "-o", "json"))
                    .get("errorMessage")
                    .asText();

            Cli wrong = Cli.run("clear-error", id, "another text", "--server", address);
            assertThat(wrong.exitCode()).isEqualTo(1);
            assertThat(wrong.err()).startsWith("repowatch: ").contains("clear message mismatch");
            Files.createDirectory(projects.resolve("x"));
            assertThat(ok(address, "clear-error", id, stored)).contains(id);
            Awaitility.await()
                    .until(() -> ok(address, "get", "repo", id, "-o", "json").contains("\"shadow\""));
            server.terminate();
            server.awaitExit();
        }
    }

    @Test
    void sigtermEndsItWithinTenSecondsAlsoWhileItLoadsAndSomebodyWatches() throws IOException, InterruptedException {
        for (int i = 0; i < 300; i++) {
            Files.writeString(Files.createDirectory(projects.resolve("p" + i)).resolve("f"), "f");
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String address = "127.0.0.1:" + port;
        try (ServerProcess server =
                ServerProcess.start(temp, projects.toString(), "--data", data.toString(), "--grpc", address)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Cli.run("status", "--server", address).exitCode() == 0);
            Thread watcher = new Thread(() -> Cli.run("events", "registry", "local", "--watch", "--server", address));
            watcher.start();
            long before = System.nanoTime();
            server.terminate();
            server.awaitExit();
            assertThat(System.nanoTime() - before).as("nanoseconds to stop").isLessThan(10_000_000_000L);
            watcher.join(10_000);
            assertThat(watcher.isAlive()).isFalse();
            assertThat(server.err()).doesNotContain("repowatch: ");
        }
        try (ServerProcess server = serve()) {
            server.awaitReady();
            assertThat(server.out()).contains("repos=302");
        }
    }

    @Test
    void aNameThatIsNotTextInTheLocaleHindersNoOtherDirectory() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("bash", "-c", "mkdir $'m\\xc3\\xbcll'")
                        .directory(projects.toFile())
                        .start()
                        .waitFor())
                .isZero();
        try (ServerProcess server = ServerProcess.start(
                Map.of("LC_ALL", "C"), temp, projects.toString(), "--data", data.toString(), "--grpc", "127.0.0.1:0")) {
            server.awaitReady();
            assertThat(server.out()).contains("repos=2");
            assertThat(server.err()).contains("not tracked", "LC_ALL=C.UTF-8");
        }
        try (ServerProcess server = ServerProcess.start(
                Map.of("LC_ALL", "C.UTF-8"),
                temp,
                projects.toString(),
                "--data",
                data.toString(),
                "--grpc",
                "127.0.0.1:0")) {
            server.awaitReady();
            assertThat(server.out()).contains("repos=3");
        }
    }

    @Test
    void aRootOfAnotherHostIsRefusedNamingBoth() throws IOException, InterruptedException {
        try (ServerProcess server = serve()) {
            server.awaitReady();
            server.terminate();
            server.awaitExit();
        }
        try (ServerProcess server = serve("--host", "elsewhere")) {
            assertThat(server.awaitExit()).isEqualTo(1);
            assertThat(server.err()).contains("repowatch: ", "localhost", "elsewhere");
        }
    }

    @Test
    void severalRegistriesRootsAndDepthsAreServed() throws IOException, InterruptedException {
        Path more = Files.createDirectories(temp.toRealPath().resolve("more"));
        Files.createDirectories(more.resolve("group").resolve("one"));
        try (ServerProcess server = ServerProcess.start(
                temp,
                "--root",
                "/p=" + projects,
                "--root",
                "/m=" + more,
                "--registry",
                "r1",
                "--registry",
                "r2",
                "--registry",
                "r1",
                "--host",
                "h1",
                "--host",
                "h2",
                "--track",
                "2",
                "--data",
                data.toString(),
                "--grpc",
                "127.0.0.1:0")) {
            String address = server.awaitReady();
            assertThat(server.out()).contains("repos=1");
            assertThat(ok(address, "get", "registries")).contains("r1", "r2");
            assertThat(ok(address, "get", "roots", "r1"))
                    .containsPattern("/m +h1")
                    .containsPattern("/p +h1");
            assertThat(ok(address, "get", "repos", "r1")).contains("/m/group/one");
            server.terminate();
            server.awaitExit();
        }
    }

    private static String ok(String address, String... command) {
        Cli cli = Cli.run(withServer(command, address));
        assertThat(cli.err()).as(String.join(" ", command)).isEmpty();
        assertThat(cli.exitCode()).as(String.join(" ", command)).isZero();
        return cli.out();
    }

    private static String[] withServer(String[] command, String address) {
        String[] args = Arrays.copyOf(command, command.length + 2);
        args[command.length] = "--server";
        args[command.length + 1] = address;
        return args;
    }

    private ServerProcess serve(String... more) throws IOException {
        List<String> args =
                new ArrayList<>(List.of(projects.toString(), "--data", data.toString(), "--grpc", "127.0.0.1:0"));
        args.addAll(List.of(more));
        return ServerProcess.start(temp, args.toArray(String[]::new));
    }
}
