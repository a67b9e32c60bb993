package io.repowatch.service.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** A process with the same Java and classes as this one. Closing it kills it. */
final class Child implements AutoCloseable {
    private static final String PROGRAM = "io.repowatch.service.Main";

    private final Process process;
    private final BufferedReader out;
    private final Path log;

    private Child(Process process, Path log) {
        this.process = process;
        this.out = process.inputReader();
        this.log = log;
    }

    /**
     * Starts a command of this program, or, if {@code mainClass} says so, another class.
     *
     * @param log where its standard error goes
     * @param flags of the virtual machine
     */
    static Child start(Path log, List<String> flags, String mainClass, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new Child(process, log);
    }

    /** To be called first in the {@code main} of such a class: without it the log goes to the standard output, in all detail. */
    static void quiet() {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    }

    /** Starts a command of this program, as its users do. */
    static Child repowatch(Path log, List<String> flags, String... arguments) throws IOException {
        return start(log, flags, PROGRAM, List.of(arguments));
    }

    /**
     * Waits for a line of its output that begins so, and returns that.
     *
     * @throws IOException if the process ends before; the message has the end of its log
     */
    String awaitLine(String beginning) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(beginning)) {
                return line;
            }
        }
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        throw new IOException("a process of the benchmark ended before it said \"" + beginning.trim() + "\": "
                + String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
    }

    /** Says a line to its standard input. */
    void say(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
    }

    /** The processor time that it has used, in seconds; as fine as the system counts it, often 0.01. */
    double cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }

    /** The most memory that it has had resident, in bytes; not a number where the system does not say. */
    double peakMemory() throws IOException {
        Path status = Path.of("/proc", "" + process.pid(), "status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return Double.NaN;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
