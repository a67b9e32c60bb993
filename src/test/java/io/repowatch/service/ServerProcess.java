package io.repowatch.service;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A server process of the packaged jar, on a free loopback port; ended by its process id. */
final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FIRST_PORT = 10_000;
    private static final int FIRST_EPHEMERAL_PORT = 32_768;
    private static final int PROBES = 100;

    private final Process process;
    private final Path out;
    private final Path err;

    private ServerProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code serve}; its output goes to files in {@code logs}. */
    static ServerProcess start(Path logs, String... args) throws IOException {
        return start(Map.of(), logs, args);
    }

    /** Starts {@code serve} with more environment variables. */
    static ServerProcess start(Map<String, String> environment, Path logs, String... args) throws IOException {
        return start("serve", environment, logs, args);
    }

    /** Starts another kind of server. */
    static ServerProcess start(String kind, Path logs, String... args) throws IOException {
        return start(kind, Map.of(), logs, args);
    }

    private static ServerProcess start(String kind, Map<String, String> environment, Path logs, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Short lives: less compiling, and no helper threads for the heap, beside whatever else is tested.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target", "repowatch.jar").toString(),
                kind));
        command.addAll(List.of(args));
        Path out = Files.createTempFile(logs, kind, ".out");
        Path err = Files.createTempFile(logs, kind, ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new ServerProcess(process, out, err);
    }

    /**
     * An address for a server that is to be restarted at it. Below the ports that a system hands out by itself: while the
     * server is down, one of those may go to any outgoing connection, even to one that looks for the server.
     */
    static String freeAddress() throws IOException {
        for (int port :
                new Random().ints(PROBES, FIRST_PORT, FIRST_EPHEMERAL_PORT).toArray()) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return "127.0.0.1:" + free.getLocalPort();
            } catch (BindException e) {
                continue;
            }
        }
        throw new IOException("none of " + PROBES + " ports was free");
    }

    /** Waits for the line that says it is ready, and gives its address. */
    String awaitReady() {
        await().atMost(PATIENCE).until(() -> out().contains("repowatch ready ") || !process.isAlive());
        return readyLine().replaceAll(".* grpc=(\\S+) .*", "$1");
    }

    /** Where it serves HTTP, once it is ready. */
    String http() {
        return readyLine().replaceAll(".* http=(\\S+)$", "$1");
    }

    private String readyLine() {
        return out().lines()
                .filter(l -> l.startsWith("repowatch ready "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("ended before it was ready: " + err()));
    }

    /** Waits until it has ended by itself, and gives the exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still runs: " + err());
        }
        return process.exitValue();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL and waits. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
