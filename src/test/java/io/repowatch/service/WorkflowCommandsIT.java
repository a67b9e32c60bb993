package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The commands about workflows against a server on which an operator moves directories and accepts moves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkflowCommandsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AUTHOR = "N <n@localhost>";
    private static final String UNKNOWN = "00000000-0000-4000-8000-000000000001";

    private final ObjectMapper json = new ObjectMapper();
    private Path temp = Path.of("");
    private Path projects = Path.of("");
    private ServerProcess server;
    private String address;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        temp = directory.toRealPath();
        projects = Files.createDirectory(temp.resolve("projects"));
        for (String name : List.of("it's a move", "shadow", "frozen", "aborted", "fine")) {
            Files.writeString(Files.createDirectory(projects.resolve(name)).resolve("file"), name);
        }
        server = ServerProcess.start(
                temp,
                projects.toString(),
                "--data",
                temp.resolve("data").toString(),
                "--grpc",
                "127.0.0.1:0",
                "--author",
                AUTHOR,
                "--shadow-root-alt",
                temp.resolve("new 'place'").toString(),
                "--move=manual",
                "--move-accept=manual");
        address = server.awaitReady();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aMoveWaitsForWhoAcceptsItAndThenForTheOperator() throws IOException, InterruptedException {
        String repo = repo("/local/it's a move");
        String workflow = UUID.randomUUID().toString();
        JsonNode begun = json.readTree(
                ok("move", "repo", repo, "/local/moved & well", "--workflow", workflow, "--output", "json"));
        assertThat(begun.get("workflow").asText()).isEqualTo(workflow);
        assertThat(begun.get("state").asText()).isEqualTo("started");
        Cli again = run("move", "repo", repo, "/local/moved & well", "--workflow", workflow, "--wait=10ms");
        assertThat(again.exitCode()).isEqualTo(3);
        assertThat(again.err()).contains("move " + workflow + " is not over", "repowatch why " + repo);
        awaitWhy(repo, "release of workflow " + workflow + ": the application has not accepted the move, since ");
        assertThat(run("plan").exitCode()).as("somebody else is to act").isZero();
        assertThat(run("freeze", repo, "--author", AUTHOR).err()).contains("repowatch why " + repo);

        assertThat(ok("accept-move", repo)).contains(workflow, "accepted");
        awaitWhy(repo, "waits for the operator");
        assertThat(ok("status")).containsPattern("acquire +1");
        assertThat(ok("status", "--state", "waiting")).contains(repo, "acquire", "the data is still at");
        Cli plan = run("plan");
        assertThat(plan.exitCode()).isEqualTo(3);
        assertThat(plan.out()).containsPattern("move +" + repo + " .* acquire.released ");
        assertThat(run("abort", workflow).err()).startsWith("repowatch: ");

        String steps = String.join(
                "\n",
                ok("why", repo)
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.startsWith("mv ") || line.startsWith("git ") || line.startsWith("mkdir "))
                        .toList());
        shell(steps);
        assertThat(ok("move", "repo", repo, "/local/moved & well", "--workflow", workflow, "--wait"))
                .contains("committed");
        assertThat(Files.readString(projects.resolve("moved & well").resolve("file")))
                .isEqualTo("it's a move");
        awaitWhy(repo, "it takes requests");
        assertThat(ok("events", "workflow", workflow)).contains("EV_FSO_REPO_MOVE_APP_ACCEPTED", "MOVE_COMMITTED");
    }

    @Test
    void aShadowIsMovedByTheStepsThatArePrinted() throws IOException, InterruptedException {
        String repo = repo("/local/shadow");
        Path target = temp.resolve("new 'place'").resolve("x.fso");
        JsonNode steps = json.readTree(ok("move", "shadow", repo, target.toString(), "--output", "json"));
        String workflow = steps.get("workflow").asText();
        assertThat(steps.get("state").asText()).isEqualTo("disabled");
        assertThat(steps.get("steps")).hasSize(3);
        assertThat(steps.get("steps").get(2).asText()).startsWith("repowatch commit-move-shadow " + workflow);
        awaitWhy(repo, "an operator has to move the shadow and then to commit the move");

        shell(steps.get("steps").get(0).asText() + "\n"
                + steps.get("steps").get(1).asText());
        assertThat(ok("commit-move-shadow", workflow)).contains("committed");
        awaitWhy(repo, "it takes requests");
        assertThat(ok("get", "repo", repo)).contains(target.toString());
        assertThat(ok("stat", repo, "--author", AUTHOR)).contains("up to date");
    }

    @Test
    void filesAreFrozenAndGivenBack() throws IOException {
        String repo = repo("/local/frozen");
        String workflow = UUID.randomUUID().toString();
        for (int i = 0; i < 2; i++) {
            assertThat(ok("freeze", repo, "--author", AUTHOR, "--workflow", workflow, "--wait"))
                    .contains(workflow, "freeze-repo", "completed");
        }
        assertThat(ok("get", "repo", repo)).contains("ST_FROZEN");
        Cli twice = run("freeze", repo, "--author", AUTHOR);
        assertThat(twice.exitCode()).isEqualTo(1);
        assertThat(json.readTree(ok("unfreeze", repo, "--author", AUTHOR, "--wait=60s", "-o", "json"))
                        .get("state")
                        .asText())
                .isEqualTo("completed");
        assertThat(ok("get", "repo", repo)).contains("ST_ONLINE");
        Files.writeString(projects.resolve("frozen").resolve("file"), "changed");
        assertThat(ok("events", "workflow", workflow)).contains("EV_FSO_FREEZE_REPO_FILES_COMPLETED");
    }

    @Test
    void anAbortedMoveLeavesTheRepoWhereItIs() throws IOException {
        String repo = repo("/local/aborted");
        String workflow = json.readTree(ok("move", "repo", repo, "/local/never", "-o", "json"))
                .get("workflow")
                .asText();
        assertThat(ok("abort", workflow, "--reason", "a mistake", "--author", AUTHOR))
                .contains("aborted", "a mistake");
        Cli again = run("move", "repo", repo, "/local/never", "--workflow", workflow, "--wait");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.out()).contains("aborted", "a mistake");
        awaitWhy(repo, "it takes requests");
        assertThat(ok("get", "repo", repo)).contains("/local/aborted");
    }

    @Test
    void whatIsUnknownIsNamedAndSaidWhatToDo() {
        refused("no such workflow: " + UNKNOWN, "abort", UNKNOWN);
        refused("no such workflow: " + UNKNOWN, "commit-move-shadow", UNKNOWN);
        refused("no such workflow: " + UNKNOWN, "events", "workflow", UNKNOWN);
        refused("no such repo: " + UNKNOWN + "; 'repowatch get repos' lists", "accept-move", UNKNOWN);
        refused("no such repo: " + UNKNOWN, "move", "repo", UNKNOWN, "/local/x");
        refused("no such repo: " + UNKNOWN, "move", "shadow", UNKNOWN, "/x");
        refused("no such repo: " + UNKNOWN, "freeze", UNKNOWN, "--author", AUTHOR);
        refused("does not follow repo " + UNKNOWN + "; ask the one", "why", UNKNOWN);
        refused("no such registry: nope", "plan", "--registry", "nope");
        refused("no such registry: nope", "ping", "nope");
        String fine = repo("/local/fine");
        refused("is not being moved; begin with 'repowatch move repo " + fine, "accept-move", fine);
        refused("repowatch: ", "move", "repo", fine, "/elsewhere/x");
    }

    private void refused(String message, String... command) {
        Cli cli = run(command);
        assertThat(cli.err())
                .as(String.join(" ", command))
                .startsWith("repowatch: ")
                .contains(message);
        assertThat(cli.exitCode()).as(String.join(" ", command)).isEqualTo(1);
    }

    private String repo(String path) {
        return ok("get", "repos", "local", "--prefix", path)
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow()
                .substring(0, 36);
    }

    private void awaitWhy(String repo, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ok("why", repo)).contains(text));
    }

    private static void shell(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-euc", script)
                .redirectErrorStream(true)
                .start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as("%s%n%s", script, out).isZero();
    }

    private String ok(String... command) {
        Cli cli = run(command);
        assertThat(cli.err()).as(String.join(" ", command)).isEmpty();
        assertThat(cli.exitCode()).as(String.join(" ", command)).isZero();
        return cli.out();
    }

    private Cli run(String... command) {
        List<String> args = new ArrayList<>(Arrays.asList(command));
        args.addAll(List.of("--server", address));
        return Cli.run(args.toArray(String[]::new));
    }
}
