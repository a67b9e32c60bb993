package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the scenarios say of init, errors, prefixes and hosts, with a registry and an observer as processes of their own, and
 * much of it done while the observer is down.
 */
class ScenariosIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AUTHOR = "N <n@localhost>";

    @TempDir
    Path temp;

    private final ObjectMapper json = new ObjectMapper();
    private Path projects = Path.of("");
    private ServerProcess registry;
    private ServerProcess observer;
    private String server;
    private String observerAddress = "";

    @BeforeEach
    void startTheRegistryAlone() throws IOException {
        projects = Files.createDirectory(temp.toRealPath().resolve("projects"));
        Files.createDirectory(projects.resolve("a"));
        registry = ServerProcess.start(
                "registry", temp, "--data", temp.resolve("data").toString(), "--grpc", "127.0.0.1:0");
        server = registry.awaitReady();
    }

    @AfterEach
    void stop() {
        if (observer != null) {
            observer.close();
        }
        registry.close();
    }

    private void startObserver() throws IOException {
        observer = ServerProcess.start(
                "observe",
                temp,
                "--server",
                server,
                "--shadow-root",
                temp.resolve("shadow").toString(),
                "--prefix",
                "/data",
                "--prefix",
                "/far",
                "--grpc",
                "127.0.0.1:0");
        observerAddress = observer.awaitReady();
    }

    @Test
    void reposAreMadeInErrorLeftAloneOrEnabledAsTheTableSays() throws IOException, InterruptedException {
        ok("init", "root", "local", "/data", "localhost:" + projects);
        ok("init", "root", "local", "/datax", "localhost:" + projects);
        ok("init", "root", "local", "/far", "elsewhere:/srv/far");
        String a = init("/data/a");
        String missing = init("/data/missing");
        String otherPrefix = init("/datax/a");
        String otherHost = init("/far/c");
        refused("unknown root", "init", "repo", "local", "/nowhere/b", "--author", AUTHOR);
        refused("already initialized", "init", "repo", "local", "/data/a", "--author", AUTHOR);
        assertThat(json.readTree(ok("info", "local", "-o", "json"))
                        .get("numRepos")
                        .asInt())
                .as("what was refused is not there")
                .isEqualTo(4);

        startObserver();
        assertThat(observer.out())
                .as("what this observer does not care for is not counted")
                .contains("repos=3");
        awaitStates(1, 2);
        assertThat(events(a)).containsExactly("INIT_STARTED", "SHADOW_REPO_CREATED");
        assertThat(events(missing)).containsExactly("INIT_STARTED", "ERROR_SET");
        assertThat(events(otherHost)).containsExactly("INIT_STARTED", "ERROR_SET");
        assertThat(events(otherPrefix)).containsExactly("INIT_STARTED");
        assertThat(ok("status", "--state", "error", "--observer", observerAddress))
                .contains(missing, otherHost)
                .doesNotContain(otherPrefix);
        assertThat(ok("get", "repo", otherHost)).contains("elsewhere");

        observer.kill();
        startObserver();
        awaitStates(1, 2);
        assertThat(events(missing)).as("a stored error is not stored again").hasSize(2);

        observer.terminate();
        observer.awaitExit();
        Files.createDirectory(projects.resolve("missing"));
        ok("clear-error", missing);
        Files.createDirectory(projects.resolve("late"));
        String late = init("/data/late");
        startObserver();
        awaitStates(3, 1);
        assertThat(events(missing))
                .containsExactly("INIT_STARTED", "ERROR_SET", "ERROR_CLEARED", "SHADOW_REPO_CREATED");
        assertThat(events(late)).containsExactly("INIT_STARTED", "SHADOW_REPO_CREATED");
        assertThat(events(a)).hasSize(2);

        String live = initWithItsDirectory("live");
        awaitStates(4, 1);
        assertThat(events(live)).containsExactly("INIT_STARTED", "SHADOW_REPO_CREATED");
        for (String repo : List.of(a, missing, late, live)) {
            assertThat(ok("stat", repo, "--author", AUTHOR, "--observer", observerAddress))
                    .contains("up to date");
        }
        for (String repo : List.of(otherHost, otherPrefix)) {
            refused(repo, "stat", repo, "--author", AUTHOR, "--observer", observerAddress);
        }
        assertThat(observer.err()).doesNotContain("ERROR");
    }

    private String initWithItsDirectory(String name) throws IOException {
        Files.createDirectory(projects.resolve(name));
        return init("/data/" + name);
    }

    private String init(String path) throws IOException {
        return json.readTree(ok("init", "repo", "local", path, "--author", AUTHOR, "-o", "json"))
                .get("repo")
                .asText();
    }

    /** The types of a repo's events, without what all have in common. */
    private List<String> events(String repo) {
        return ok("events", "repo", repo, "-o", "json").lines().map(this::type).toList();
    }

    private String type(String line) {
        try {
            return json.readTree(line).get("event").asText().replaceFirst("EV_FSO_(REPO_)?", "");
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private void awaitStates(int enabled, int error) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(count("enabled")).as("enabled").isEqualTo(enabled);
            assertThat(count("error")).as("error").isEqualTo(error);
        });
    }

    private int count(String state) throws IOException {
        for (JsonNode count : json.readTree(ok("status", "--observer", observerAddress, "-o", "json"))
                .get("counts")) {
            if (count.get("state").asText().equals(state)) {
                return count.get("count").asInt();
            }
        }
        return 0;
    }

    private String ok(String... command) {
        Cli cli = run(command);
        assertThat(cli.err()).as(String.join(" ", command)).isEmpty();
        assertThat(cli.exitCode()).as(String.join(" ", command)).isZero();
        return cli.out();
    }

    private void refused(String text, String... command) {
        Cli cli = run(command);
        assertThat(cli.exitCode()).as(String.join(" ", command)).isEqualTo(1);
        assertThat(cli.err()).startsWith("repowatch: ").contains(text);
        assertThat(cli.out()).isEmpty();
    }

    private Cli run(String... command) {
        String[] args = Arrays.copyOf(command, command.length + 2);
        args[command.length] = "--server";
        args[command.length + 1] = server;
        return Cli.run(args);
    }
}
