package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
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
        try (ServerProcess server = ServerProcess.start(
                temp,
                projects.toString(),
                "--data",
                data.toString(),
                "--grpc",
                "127.0.0.1:0",
                "--track-interval",
                "200ms",
                "--log",
                "json")) {
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

    private static String[] withServer(String[] command, String address) {
        String[] args = java.util.Arrays.copyOf(command, command.length + 2);
        args[command.length] = "--server";
        args[command.length + 1] = address;
        return args;
    }

    private ServerProcess serve() throws IOException {
        return ServerProcess.start(temp, projects.toString(), "--data", data.toString(), "--grpc", "127.0.0.1:0");
    }
}
