package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registry and an observer as processes of their own, which know each other by the compatible services only. The number of
 * restarts is {@code -Drepowatch.restarts}.
 */
class TwoProcessesIT {
    private static final int RESTARTS = Integer.getInteger("repowatch.restarts", 6);
    private static final int NEW_PROJECTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AUTHOR = "N <n@localhost>";

    @TempDir
    Path temp;

    private final ObjectMapper json = new ObjectMapper();
    private Path projects = Path.of("");
    private ServerProcess registry;
    private ServerProcess observer;
    private String server;
    private String observerAddress;
    private int made;

    @BeforeEach
    void start() throws IOException {
        projects = Files.createDirectory(temp.toRealPath().resolve("projects"));
        server = ServerProcess.freeAddress();
        startRegistry();
        observerAddress = ServerProcess.freeAddress();
        startObserver();
        ok("init", "root", "local", "/data", "localhost:" + projects);
    }

    @AfterEach
    void stop() {
        registry.close();
        observer.close();
    }

    @Test
    void everythingIsEnabledExactlyOncePerChangeWhateverIsRestarted() throws IOException, InterruptedException {
        long seed = new Random().nextLong();
        System.out.println("restarts: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < RESTARTS; i++) {
            makeProjects(NEW_PROJECTS);
            track();
            int some = made - NEW_PROJECTS + random.nextInt(NEW_PROJECTS);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> shadows().size() >= some);
            restart(random.nextBoolean(), random.nextBoolean());
        }
        awaitEnabled(made);

        observer.kill();
        startObserver();
        awaitEnabled(made);
        assertThat(metric("repowatch_actions_seconds_count{action=\"enable\",result=\"done\"}"))
                .as("one enable for each repo, seed %d", seed)
                .isEqualTo(made);

        registry.kill();
        startRegistry();
        makeProjects(NEW_PROJECTS);
        track();
        awaitEnabled(made);
        await().atMost(PATIENCE).until(() -> metric("repowatch_activities{class=\"repo\",state=\"sleeping\"}") == made);
        assertThat(metric("repowatch_actions_seconds_count{action=\"enable\",result=\"done\"}"))
                .as("a restart of the registry is no change, seed %d", seed)
                .isEqualTo(made);
        assertThat(metric("repowatch_wakeups_total{kind=\"all\"}"))
                .as("the feed is gone on with where it broke off, seed %d", seed)
                .isEqualTo(1);
        assertNothingLostAndNothingTwice(seed);
    }

    @Test
    void aStoredErrorIsClearedAndTheRepoEnabled() throws IOException {
        String id = json.readTree(ok("init", "repo", "local", "/data/later", "--author", AUTHOR, "--output", "json"))
                .get("repo")
                .asText();
        await().atMost(PATIENCE).until(() -> status("error") == 1);
        assertThat(ok("status", "--state", "error", "--observer", observerAddress))
                .contains(id, "/data/later");
        Files.createDirectory(projects.resolve("later"));
        ok("clear-error", id);
        awaitEnabled(1);
        assertThat(ok("stat", id, "--author", AUTHOR, "--observer", observerAddress))
                .contains("up to date");
    }

    @Test
    void changedFilesAreFoundByAPeriodicStat() throws IOException, InterruptedException {
        makeProjects(2);
        track();
        awaitEnabled(2);
        observer.terminate();
        observer.awaitExit();
        observer = ServerProcess.start(
                "observe", temp, observeArgs(observerAddress, "127.0.0.1:0", "--stat-interval", "1s"));
        observer.awaitReady();
        awaitEnabled(2);
        Files.writeString(projects.resolve("p-0").resolve("more"), "more");
        await().atMost(PATIENCE).until(() -> metric("repowatch_periodic_stats_total{result=\"changed\"}") >= 1);
        assertThat(metric("repowatch_periodic_stats_total{result=\"failed\"}")).isZero();
    }

    @Test
    void trackingMakesEachDirectoryARepoOnce() throws IOException {
        makeProjects(3);
        Files.createDirectory(projects.resolve(".hidden"));
        Path data = Files.createDirectories(projects.resolve("holds").resolve("data"));

        assertThat(ok("track", "local", "--root", "/data", "--author", AUTHOR, "--exclude", data.toString()))
                .contains("/data/p-0", "/data/p-2", "3 repos made")
                .doesNotContain("hidden", "holds");
        assertThat(ok("track", "local", "--root", "/data", "--author", AUTHOR, "--exclude", data.toString()))
                .isEqualTo("0 repos made\n");
        assertThat(ok("get", "repos", "local", "--prefix", "/data/p-1")).contains("/data/p-1");
        awaitEnabled(3);

        Cli unknown = run("track", "local", "--root", "/other", "--author", AUTHOR);
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("the registry local has no root /other", "get roots local");
        ok("init", "root", "local", "/far", "elsewhere:/no/such/directory");
        Cli far = run("track", "local", "--root", "/far", "--author", AUTHOR);
        assertThat(far.exitCode()).isEqualTo(1);
        assertThat(far.err()).contains("/no/such/directory", "run this on host elsewhere");
    }

    @Test
    void theObserverIsReadyOnlyWhenItsRegistryIsThere() throws IOException, InterruptedException {
        makeProjects(2);
        track();
        awaitEnabled(2);
        registry.kill();
        observer.kill();
        String http = ServerProcess.freeAddress();
        observer = ServerProcess.start("observe", temp, observeArgs("127.0.0.1:0", http));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(http, "/healthz").statusCode() == 200);
        assertThat(get(http, "/readyz").statusCode()).isEqualTo(503);
        assertThat(get(http, "/readyz").body()).contains("the registries have not been read yet");
        assertThat(get(http, "/metrics").body()).contains("repowatch_repos{state=\"enabled\"} 0.0");

        startRegistry();
        observer.awaitReady();
        assertThat(observer.out()).contains("repos=2");
        assertThat(get(http, "/readyz").statusCode()).isEqualTo(200);
        observer.terminate();
        registry.terminate();
        observer.awaitExit();
        registry.awaitExit();
        assertThat(observer.err()).doesNotContain("ERROR", "cannot go on");
    }

    @Test
    void everyServerAnswersAPingThreeTimesAndTheRegistryCounts() throws IOException {
        String workflow = UUID.randomUUID().toString();
        JsonNode pings = json.readTree(ok("ping", "local", "--workflow", workflow, "--output", "json"));
        assertThat(pings.get("serverPings").findValuesAsText("statusMessage"))
                .containsExactlyInAnyOrder(
                        "nogfsoregd ping 1",
                        "nogfsoregd ping 2",
                        "nogfsoregd ping 3",
                        "repowatch ping",
                        "repowatch ping",
                        "repowatch ping");
        assertThat(pings.get("summary").get("statusMessage").asText()).isEqualTo("{ totalCount: 6, errorCount: 0 }");

        assertThat(ok("ping", "local", "--workflow", workflow).lines().map(String::strip))
                .as("it has ended, and says the same again")
                .hasSize(8)
                .startsWith("STATUS  SERVER")
                .contains("0       repowatch ping")
                .endsWith("{ totalCount: 6, errorCount: 0 }");
        assertThat(ok("events", "workflow", workflow, "--registry", "local"))
                .contains("EV_FSO_SERVER_PINGS_GATHERED", "EV_FSO_PING_REGISTRY_COMMITTED");
    }

    private void startRegistry() throws IOException {
        registry = ServerProcess.start(
                "registry", temp, "--data", temp.resolve("data").toString(), "--grpc", server, "--http", "127.0.0.1:0");
        server = registry.awaitReady();
    }

    private void startObserver() throws IOException {
        observer = ServerProcess.start("observe", temp, observeArgs(observerAddress, "127.0.0.1:0"));
        observerAddress = observer.awaitReady();
    }

    private String[] observeArgs(String grpc, String http, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--server",
                server,
                "--shadow-root",
                temp.resolve("shadow").toString(),
                "--prefix",
                "/data",
                "--grpc",
                grpc,
                "--http",
                http));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    private void restart(boolean theRegistry, boolean suddenly) throws IOException, InterruptedException {
        ServerProcess process = theRegistry ? registry : observer;
        if (suddenly) {
            process.kill();
        } else {
            process.terminate();
            process.awaitExit();
        }
        if (theRegistry) {
            startRegistry();
        } else {
            startObserver();
        }
    }

    private void makeProjects(int number) throws IOException {
        for (int i = 0; i < number; i++) {
            Path project = Files.createDirectory(projects.resolve("p-" + made++));
            Files.writeString(project.resolve("README.md"), "project");
        }
    }

    private void track() {
        ok("track", "local", "--root", "/data", "--author", AUTHOR);
    }

    private void awaitEnabled(int number) {
        await().atMost(PATIENCE).until(() -> status("enabled") == number);
    }

    private int status(String state) throws IOException {
        Cli cli = run("status", "--observer", observerAddress, "--output", "json");
        if (cli.exitCode() != 0) {
            return -1;
        }
        for (JsonNode count : json.readTree(cli.out()).get("counts")) {
            if (count.get("state").asText().equals(state)) {
                return count.get("count").asInt();
            }
        }
        return 0;
    }

    private double metric(String name) throws IOException, InterruptedException {
        return get(observer.http(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Double.valueOf(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0.0);
    }

    private static HttpResponse<String> get(String address, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + address + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private List<Path> shadows() throws IOException {
        Path root = temp.resolve("shadow");
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.find(
                root,
                20,
                (path, attributes) ->
                        attributes.isDirectory() && path.toString().endsWith(".fso"))) {
            return all.toList();
        } catch (UncheckedIOException e) {
            // Something was renamed meanwhile.
            return List.of();
        }
    }

    private void assertNothingLostAndNothingTwice(long seed) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        json.readTree(ok("get", "repos", "local", "--output", "json"))
                .get("repos")
                .forEach(repo -> ids.add(repo.get("id").asText()));
        assertThat(ids).as("repos, seed %d", seed).hasSize(made);
        List<String> command = new ArrayList<>(List.of("events", "repo"));
        command.addAll(ids);
        assertThat(ok(command.toArray(String[]::new)).lines().filter(l -> l.contains("SHADOW_REPO_CREATED")))
                .as("one SHADOW_REPO_CREATED each, seed %d", seed)
                .hasSize(made);
        assertThat(shadows()).as("one shadow each, seed %d", seed).hasSize(made);
        for (Path shadow : shadows()) {
            Process git =
                    new ProcessBuilder("git", "-C", shadow.toString(), "rev-list", "--max-parents=0", "--all").start();
            assertThat(new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .as("root commits of %s, seed %d", shadow, seed)
                    .hasLineCount(1);
            assertThat(git.waitFor()).isZero();
        }
    }

    private String ok(String... command) {
        Cli cli = run(command);
        assertThat(cli.err()).as(String.join(" ", command)).isEmpty();
        assertThat(cli.exitCode()).as(String.join(" ", command)).isZero();
        return cli.out();
    }

    private Cli run(String... command) {
        String[] args = Arrays.copyOf(command, command.length + 2);
        args[command.length] = "--server";
        args[command.length + 1] = server;
        return Cli.run(args);
    }
}
