package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs what README and guide show of moves, freezes, plan and why, each {@code $ repowatch ...} on a server like the one that it was
 * shown on, and compares the whole output; ids, times and the directory are others every time.
 */
class GuideIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PROMPT = "$ repowatch ";
    private static final String DIRECTORY = "/tmp/demo";
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    /** The repo whose move waits for its operator in the guide. */
    private static final String BY_HAND = "fd6cef93-745f-48c6-91a9-966a755da18d";

    /** The repo that moves and freezes, and the one whose shadow moves. */
    private static final String MOVED = "bbc3526c-5ce9-434b-bbc3-ca036eefeca5";

    private static final String SHADOW_MOVED = "6282d92f-df63-42dd-9c51-bea27da58885";

    @TempDir
    Path temp;

    private Path demo = Path.of("");
    private ServerProcess server;
    private String address;

    /** A command and what it prints. */
    private record Example(String command, String output) {}

    @BeforeEach
    void projects() throws IOException {
        demo = temp.toRealPath();
        for (String name : List.of("alpha", "beta")) {
            Path project = Files.createDirectories(demo.resolve("projects").resolve(name));
            Files.writeString(project.resolve("file"), name);
        }
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (server != null) {
            server.close();
        }
        // What a failed test leaves frozen could not be removed.
        new ProcessBuilder("chattr", "-R", "-i", demo.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private void serve(String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                demo.resolve("projects").toString(),
                "--data",
                demo.resolve("data").toString(),
                "--grpc",
                "127.0.0.1:0",
                "--shadow-root-alt",
                demo.resolve("other").toString()));
        args.addAll(List.of(more));
        server = ServerProcess.start(demo, args.toArray(String[]::new));
        address = server.awaitReady();
    }

    @Test
    void movesAndFreezesPrintWhatIsShown() throws IOException, InterruptedException {
        serve();
        String alpha = repo("/local/alpha");
        String beta = repo("/local/beta");
        List<Example> examples = examples(false);
        assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
        String last = "";
        for (Example example : examples) {
            last = shows(example, example.command.replace(MOVED, alpha).replace(SHADOW_MOVED, beta));
        }

        assertThat(last).as("the last example prints steps").contains("    mkdir -p -- ", "    mv -T -- ");
        follow(last);
        await().atMost(PATIENCE).until(() -> run("why", beta).out().contains("it takes requests"));
        assertThat(demo.resolve("other/beta.fso")).isDirectory();
        assertThat(run("unfreeze", alpha, "--author", "A <a@localhost>", "--wait")
                        .exitCode())
                .isZero();
        assertThat(demo.resolve("projects/gamma/file")).hasContent("alpha");
    }

    @Test
    void aMoveByHandIsExplainedAsShown() throws IOException, InterruptedException {
        serve("--move=manual");
        String alpha = repo("/local/alpha");
        assertThat(run("move", "repo", alpha, "/local/gamma").exitCode()).isZero();
        await().atMost(PATIENCE).until(() -> run("why", alpha).out().contains("waits for the operator"));

        String steps = "";
        for (Example example : examples(true)) {
            String shown = shows(example, example.command.replace(BY_HAND, alpha));
            steps = shown.contains("\n    mv ") ? shown : steps;
        }
        follow(steps);
        await().atMost(PATIENCE).until(() -> run("why", alpha).out().contains("it takes requests"));
        assertThat(demo.resolve("projects/gamma/file")).hasContent("alpha");
    }

    /** Runs an example, and gives what it printed. */
    private String shows(Example example, String command) {
        List<String> words = new ArrayList<>();
        for (Matcher word = WORD.matcher(command); word.find(); ) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        words.replaceAll(word -> word.replace(DIRECTORY, demo.toString()));
        Cli cli = run(words.toArray(String[]::new));
        assertThat(cli.err()).as(example.command).isEmpty();
        assertThat(same(cli.out()))
                .as(example.command)
                .isEqualTo(same(example.output.replace(DIRECTORY, demo.toString())));
        return cli.out();
    }

    private static String same(String output) {
        return output.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "<time>")
                .replaceAll("\\b[0-9A-Z]{26}\\b", "<event>");
    }

    /** Does the indented steps of an output as an operator does. */
    private void follow(String output) throws IOException, InterruptedException {
        for (String line :
                output.lines().filter(line -> line.startsWith("    ")).toList()) {
            String step = line.strip();
            if (step.startsWith("repowatch ")) {
                assertThat(run(step.substring("repowatch ".length()).split(" ")).exitCode())
                        .as(step)
                        .isZero();
            } else {
                Process shell = new ProcessBuilder("bash", "-euc", step)
                        .redirectErrorStream(true)
                        .start();
                String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(shell.waitFor()).as("%s%n%s", step, out).isZero();
            }
        }
    }

    /** Those of the move by hand, or all others; what README and guide show alike comes once. */
    private static List<Example> examples(boolean byHand) throws IOException {
        Set<Example> examples = new LinkedHashSet<>();
        for (Path page : List.of(Path.of("README.md"), Path.of("docs", "guide", "operators.md"))) {
            collect(page, examples);
        }
        return examples.stream()
                .filter(example -> (example.command + example.output).contains(BY_HAND) == byHand)
                .toList();
    }

    private static void collect(Path page, Set<Example> examples) throws IOException {
        String command = null;
        StringBuilder output = new StringBuilder();
        for (String line : Files.readAllLines(page)) {
            boolean next = line.startsWith(PROMPT);
            if (command != null && (next || line.startsWith("```"))) {
                examples.add(new Example(command, output.toString()));
                command = null;
            } else if (command != null) {
                output.append(line).append('\n');
            }
            if (next) {
                command = line.substring(PROMPT.length());
                output.setLength(0);
            }
        }
    }

    private String repo(String path) {
        return run("get", "repos", "local", "--prefix", path)
                .out()
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow()
                .substring(0, 36);
    }

    private Cli run(String... command) {
        List<String> args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--server", address));
        return Cli.run(args.toArray(String[]::new));
    }
}
