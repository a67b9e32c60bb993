package io.repowatch.service;

import com.google.protobuf.ByteString;
import io.repowatch.registry.MoveAccept;
import io.repowatch.registry.Registry;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A registry with many repos, and processes that start on it: an observer and a plain client in turn. */
final class ColdStart {
    static final String REGISTRY = "bench";
    static final String OBSERVER = "observer";
    static final String PLAIN = "plain client";

    /** As many streams as an observer reads at a time by default. */
    private static final int CONCURRENCY = 10;

    private static final int COMMANDS = 64;
    private static final String ERROR = "an error that is cleared again";

    private final int repos;
    private final int events;
    private final PrintWriter progress;

    ColdStart(int repos, int events, PrintWriter progress) {
        this.repos = repos;
        this.events = events;
        this.progress = progress;
    }

    /**
     * One measurement.
     *
     * @param side who started
     * @param seconds from the start of its process until it was ready
     * @param cpu what its process used until then, in seconds
     * @param serverCpu what the registry's process used meanwhile, in seconds
     */
    record Round(String side, double seconds, double cpu, double serverCpu) {}

    /** Runs everything, after one round that does not count, and removes what it made. Blocks. */
    List<Round> run(int rounds) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("repowatch-bench");
        try {
            progress.println("making " + repos + " repos with " + events + " events each");
            fill(directory.resolve("data"));
            return measure(directory, rounds);
        } finally {
            delete(directory);
        }
    }

    private void fill(Path data) throws IOException {
        Files.createDirectories(data);
        try (Lifecycle lifecycle = new Lifecycle()) {
            Registry registry = RegistryPart.open(Basics.of(lifecycle), data, MoveAccept.MANUAL)
                    .registry();
            Main.await(registry.initRegistry(
                    Basics.SELF,
                    InitRegistryI.newBuilder().setRegistry(REGISTRY).build()));
            Main.await(registry.initRoot(
                    Basics.SELF,
                    InitRootI.newBuilder()
                            .setRegistry(REGISTRY)
                            .setGlobalRoot("/bench")
                            .setHost("localhost")
                            .setHostRoot("/bench/data")
                            .build()));
            Main.await(Flux.range(0, repos)
                    .flatMap(i -> make(registry, i), COMMANDS)
                    .then());
        }
    }

    private Mono<Void> make(Registry registry, int number) {
        InitRepoI request = InitRepoI.newBuilder()
                .setRegistry(REGISTRY)
                .setGlobalPath("/bench/project-" + number)
                .setCreatorName("Bench")
                .setCreatorEmail("bench@localhost")
                .build();
        return registry.initRepo(Basics.SELF, request)
                .map(InitRepoO::getRepo)
                .flatMap(repo -> registry.confirmShadow(
                                Basics.SELF,
                                ConfirmShadowI.newBuilder()
                                        .setRepo(repo)
                                        .setShadowPath("/bench/shadow/project-" + number + ".fso")
                                        .build())
                        .thenMany(Flux.range(0, (events - 2) / 2).concatMap(i -> setAndClear(registry, repo)))
                        .then());
    }

    private static Mono<Void> setAndClear(Registry registry, ByteString repo) {
        return registry.setRepoError(
                        Basics.SELF,
                        SetRepoErrorI.newBuilder()
                                .setRepo(repo)
                                .setErrorMessage(ERROR)
                                .build())
                .then(registry.clearRepoError(
                        Basics.SELF,
                        ClearRepoErrorI.newBuilder()
                                .setRepo(repo)
                                .setErrorMessage(ERROR)
                                .build()))
                .then();
    }

    private List<Round> measure(Path directory, int rounds) throws IOException, InterruptedException {
        Process server = start(
                directory,
                "registry",
                "--data",
                directory.resolve("data").toString(),
                "--registry",
                REGISTRY,
                "--grpc",
                "127.0.0.1:0");
        try {
            String address = awaitLine(server, "repowatch ready ").replaceAll(".* grpc=(\\S+) .*", "$1");
            List<Round> measured = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                Round ours = round(directory, server, OBSERVER, "repowatch ready ", observer(address));
                Round plain = round(directory, server, PLAIN, "done ", plainClient(address));
                progress.println("round " + round + ": " + ours + " " + plain);
                if (round > 0) {
                    measured.add(ours);
                    measured.add(plain);
                }
            }
            return measured;
        } finally {
            end(server);
        }
    }

    private static String[] observer(String address) {
        return new String[] {
            "observe",
            "--server",
            address,
            "--registry",
            REGISTRY,
            "--shadow-root",
            "/bench/shadow",
            "--grpc",
            "127.0.0.1:0"
        };
    }

    private static String[] plainClient(String address) {
        return new String[] {"bench", "plain-client", "--server", address, "--concurrency", "" + CONCURRENCY};
    }

    private static Round round(Path directory, Process server, String side, String line, String[] args)
            throws IOException, InterruptedException {
        double serverBefore = cpu(server);
        long before = System.nanoTime();
        Process process = start(directory, args);
        try {
            awaitLine(process, line);
            double seconds = (System.nanoTime() - before) / 1e9;
            return new Round(side, seconds, cpu(process), cpu(server) - serverBefore);
        } finally {
            end(process);
        }
    }

    /** The same Java and classes as this process. */
    private static Process start(Path directory, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
    }

    private static String awaitLine(Process process, String beginning) throws IOException {
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
        }
        throw Failure.refused("a process of the benchmark ended before it said \"" + beginning.trim() + "\"");
    }

    private static double cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    private static void end(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
