package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ManagedChannel;
import io.repowatch.client.Channels;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.v1.LookupReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registry and two observers as processes, on real directories and git: repos move between and within their prefixes, freeze
 * and unfreeze, while each process is killed again and again. {@code -Drepowatch.kills} is how often each; 2 by default.
 */
class MovesIT {
    private static final int KILLS = Integer.getInteger("repowatch.kills", 2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AUTHOR = "N <n@localhost>";
    private static final String REGISTRY = "reg";

    @TempDir
    Path temp;

    private final ObjectMapper json = new ObjectMapper();
    private final Map<UUID, Map<String, String>> sums = new HashMap<>();
    private final List<Begun> begun = new ArrayList<>();
    private final String[] addresses = new String[3];
    private final ServerProcess[] processes = new ServerProcess[3];
    private Path root = Path.of("");
    private ManagedChannel channel;
    private int names;

    /** A workflow that a registry has accepted. */
    private record Begun(UUID repo, UUID workflow, String kind) {}

    @BeforeEach
    void start() throws IOException {
        root = temp.toRealPath();
        for (int i = 0; i < processes.length; i++) {
            addresses[i] = ServerProcess.freeAddress();
            start(i);
        }
        channel = Channels.plaintext(HostPort.parse(addresses[0]).loopback());
        processes[0].awaitReady();
        for (String place : List.of("a", "b", "c")) {
            Path directory = Files.createDirectory(root.resolve(place));
            ok("init", "root", REGISTRY, "/" + place, host(place) + ":" + directory);
        }
        for (String place : List.of("a", "a", "a", "b", "b", "c")) {
            makeRepo(place);
        }
        awaitEnabled();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        channel.shutdownNow();
        for (ServerProcess process : processes) {
            process.close();
        }
        // What a failed test leaves frozen could not be removed.
        new ProcessBuilder("chattr", "-R", "-i", root.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void nothingIsLostWhateverIsKilledWhileReposMoveAndFreeze() throws IOException, InterruptedException {
        long seed = Long.getLong("repowatch.seed", new Random().nextLong());
        System.out.println("moves: seed " + seed);
        Random random = new Random(seed);
        List<Integer> victims = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            victims.addAll(List.of(0, 1, 2));
        }
        Collections.shuffle(victims, random);
        for (int victim : victims) {
            List<UUID> repos = new ArrayList<>(sums.keySet());
            Collections.sort(repos);
            Collections.shuffle(repos, random);
            repos.subList(0, 3).forEach(repo -> begin(repo, random));
            pause(random.nextInt(900));
            processes[victim].kill();
            start(victim);
        }
        begun.forEach(this::awaitEnd);
        for (UUID repo : sums.keySet()) {
            if (tier(repo).equals("ST_FROZEN")) {
                command(repo, "unfreeze-repo", "unfreeze", repo.toString(), "--author", AUTHOR);
            }
        }
        begun.forEach(this::awaitEnd);
        awaitEnabled();

        System.out.println("moves: " + begun.size() + " workflows, " + 3 * KILLS + " kills");
        assertSequences(seed);
        assertFilesAndShadows(seed);
        assertNothingLeftToDo(seed);
    }

    @Test
    void aRepoNeverMovesToAnotherHost() throws IOException {
        UUID onHost2 = sums.keySet().stream()
                .filter(repo -> repo(repo).getGlobalPath().startsWith("/c"))
                .findFirst()
                .orElseThrow();

        Cli cli = run("move", "repo", onHost2.toString(), "/a/elsewhere");

        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.err()).startsWith("repowatch: ").contains("host");
        assertThat(repo(onHost2).getGlobalPath()).startsWith("/c");
    }

    private void start(int process) throws IOException {
        processes[process] = switch (process) {
            case 0 ->
                ServerProcess.start(
                        "registry",
                        root,
                        "--data",
                        root.resolve("data").toString(),
                        "--registry",
                        REGISTRY,
                        "--grpc",
                        addresses[0],
                        "--move-accept=auto");
            case 1 -> observer(1, "--prefix", "/a", "--host", "host1");
            default -> observer(2, "--prefix", "/b", "--prefix", "/c", "--host", "host1", "--host", "host2");
        };
    }

    private ServerProcess observer(int number, String... own) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "--server", addresses[0], "--registry", REGISTRY, "--grpc", addresses[number], "--shadow-root"));
        args.add(root.resolve("shadow" + number).toString());
        // Who takes over a repo moves its shadow away from where the other one had it.
        args.addAll(List.of(
                "--shadow-root-alt", root.resolve("shadow" + (3 - number)).toString()));
        args.addAll(List.of(own));
        return ServerProcess.start("observe", root, args.toArray(String[]::new));
    }

    private static String host(String place) {
        return place.equals("c") ? "host2" : "host1";
    }

    private void makeRepo(String place) throws IOException {
        String name = "r-" + names++;
        Path directory =
                Files.createDirectories(root.resolve(place).resolve(name).resolve("sub"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(directory.resolve("file " + i), name + " " + "x".repeat(i * 500));
        }
        Files.createSymbolicLink(directory.resolve("link"), Path.of("file 1"));
        Files.setPosixFilePermissions(directory.resolve("file 3"), PosixFilePermissions.fromString("r-x--x---"));
        JsonNode made = json.readTree(
                ok("init", "repo", REGISTRY, "/" + place + "/" + name, "--author", AUTHOR, "--output", "json"));
        sums.put(UUID.fromString(made.get("repo").asText()), DirectorySums.of(directory.getParent()));
    }

    private void begin(UUID repo, Random random) {
        GetRepoO now = repoOrWait(repo);
        if (random.nextInt(3) > 0) {
            String[] places = now.getGlobalPath().startsWith("/c") ? new String[] {"/c"} : new String[] {"/a", "/b"};
            String target = places[random.nextInt(places.length)] + "/m-" + names++;
            command(repo, "move-repo", "move", "repo", repo.toString(), target);
        } else if (now.getStorageTier().name().equals("ST_FROZEN")) {
            command(repo, "unfreeze-repo", "unfreeze", repo.toString(), "--author", AUTHOR);
        } else {
            command(repo, "freeze-repo", "freeze", repo.toString(), "--author", AUTHOR);
        }
    }

    /** Asks for a workflow until there is an answer, always with the same id. */
    private void command(UUID repo, String kind, String... command) {
        UUID workflow = UUID.randomUUID();
        String[] args = Arrays.copyOf(command, command.length + 2);
        args[command.length] = "--workflow";
        args[command.length + 1] = workflow.toString();
        Cli cli = await().atMost(PATIENCE).until(() -> run(args), MovesIT::isAnswered);
        if (cli.exitCode() == 0) {
            begun.add(new Begun(repo, workflow, kind));
        } else {
            // Something else is done to the repo, or its files are frozen.
            assertThat(cli.err()).as(String.join(" ", args)).containsAnyOf("conflict", "frozen", "storage", "state");
        }
    }

    private static boolean isAnswered(Cli cli) {
        return !cli.err().contains("no answer") && !cli.err().contains("no server answers");
    }

    private void awaitEnd(Begun workflow) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(lookup(workflow.workflow()).getStatusCode())
                        .as(() -> workflow + " still runs:\n" + why(workflow.repo()))
                        .isNotEqualTo(100));
        assertThat(lookup(workflow.workflow()).getStatusCode())
                .as("%s", workflow)
                .isZero();
    }

    /** What both observers say, for whoever reads a failure. */
    private String why(UUID repo) {
        StringBuilder why =
                new StringBuilder(run("events", "repo", repo.toString()).out());
        for (int i = 1; i < processes.length; i++) {
            Cli cli = run("why", repo.toString(), "--observer", addresses[i]);
            why.append(cli.out()).append(cli.err()).append(processes[i].err());
        }
        return why.toString();
    }

    private LookupReply lookup(UUID workflow) {
        WorkflowLookup lookup = new WorkflowLookup();
        lookup.registry = REGISTRY;
        return lookup.find(channel, workflow);
    }

    private String tier(UUID repo) {
        return repo(repo).getStorageTier().name();
    }

    private GetRepoO repo(UUID repo) {
        return GetCommand.getRepo(ReposGrpc.newBlockingStub(channel), repo);
    }

    private GetRepoO repoOrWait(UUID repo) {
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> repo(repo), found -> true);
    }

    private void awaitEnabled() {
        await().atMost(PATIENCE).until(() -> enabled(1) + enabled(2) == sums.size());
    }

    private int enabled(int observer) throws IOException {
        Cli cli = run("status", "--observer", addresses[observer], "--output", "json");
        if (cli.exitCode() != 0) {
            return 0;
        }
        for (JsonNode count : json.readTree(cli.out()).get("counts")) {
            if (count.get("state").asText().equals("enabled")) {
                return count.get("count").asInt();
            }
        }
        return 0;
    }

    private static void pause(int millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    private void assertSequences(long seed) {
        WorkflowHistory history = new WorkflowHistory(channel, REGISTRY);
        for (Begun each : begun) {
            List<String> found = each.kind().equals("move-repo")
                    ? history.ofMove(each.repo(), each.workflow())
                    : history.ofStorage(each.repo(), each.workflow());
            List<String> specified = switch (each.kind()) {
                case "move-repo" -> WorkflowHistory.MOVE;
                case "freeze-repo" -> WorkflowHistory.storage("FREEZE");
                default -> WorkflowHistory.storage("UNFREEZE");
            };
            assertThat(found).as("%s, seed %d", each, seed).isEqualTo(specified);
        }
    }

    private void assertFilesAndShadows(long seed) throws IOException, InterruptedException {
        List<Path> directories = new ArrayList<>();
        for (Map.Entry<UUID, Map<String, String>> each : sums.entrySet()) {
            GetRepoO repo = repo(each.getKey());
            Path data = path(repo.getFile());
            assertThat(data).isEqualTo(root.resolve(repo.getGlobalPath().substring(1)));
            assertThat(DirectorySums.of(data)).as("%s, seed %d", data, seed).isEqualTo(each.getValue());
            assertThat(repo.getErrorMessage()).as("seed %d", seed).isEmpty();
            Path shadow = path(repo.getShadow());
            assertThat(git(shadow, "fsck", "--full", "--strict"))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(git(shadow, "config", "fso.realdir")).isEqualTo(data + "\n");
            assertThat(git(shadow, "rev-list", "--max-parents=0", "master-stat"))
                    .hasLineCount(1);
            directories.add(data);
        }
        for (String place : List.of("a", "b", "c")) {
            try (var all = Files.list(root.resolve(place))) {
                assertThat(all).as("nothing is left behind, seed %d", seed).allMatch(directories::contains);
            }
        }
        try (var all = Files.walk(root)) {
            assertThat(all.filter(path -> path.toString().endsWith(".fso")))
                    .as("one shadow each, seed %d", seed)
                    .hasSize(sums.size());
        }
    }

    private static Path path(String hostAndPath) {
        return Path.of(hostAndPath.substring(hostAndPath.indexOf(':') + 1));
    }

    private static String git(Path shadow, String... command) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(List.of("git", "-C", shadow.toString()));
        args.addAll(List.of(command));
        Process git = new ProcessBuilder(args).redirectErrorStream(true).start();
        String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as("%s: %s", args, out).isZero();
        return out;
    }

    private void assertNothingLeftToDo(long seed) {
        for (String[] own : new String[][] {
            {"--prefix", "/a", "--host", "host1"},
            {"--prefix", "/b", "--prefix", "/c", "--host", "host1", "--host", "host2"}
        }) {
            List<String> command = new ArrayList<>(List.of("plan", "--registry", REGISTRY));
            command.addAll(List.of(own));
            Cli cli = run(command.toArray(String[]::new));
            assertThat(cli.exitCode()).as("%s, seed %d", cli.out(), seed).isZero();
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
        args[command.length + 1] = addresses[0];
        return Cli.run(args);
    }
}
