package io.repowatch.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures, each time beside a baseline in the same run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        description = "Measures on this machine, beside a baseline. docs/benchmarks.md explains the figures.")
final class BenchCommand implements Runnable {
    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Terminal.of(spec).commandLine(), "say what to measure: cold-start");
    }

    @Command(
            name = "cold-start",
            mixinStandardHelpOptions = true,
            description = "From the start of an observer's process until all repos are enabled, beside a plain gRPC"
                    + " client that reads the events of each repo and then asks for it, as many at a time. Each side is a"
                    + " process of its own, over loopback TCP, in turn.")
    void coldStart(
            @Option(names = "--repos", defaultValue = "5000", description = "Default ${DEFAULT-VALUE}.") int repos,
            @Option(
                            names = "--events",
                            defaultValue = "8",
                            description = "For each repo, even; default ${DEFAULT-VALUE}.")
                    int events,
            @Option(names = "--rounds", defaultValue = "5", description = "Default ${DEFAULT-VALUE}.") int rounds,
            @Option(names = "--csv", paramLabel = "FILE", description = "Also write every round to this file.")
                    @Nullable
                    Path csv)
            throws IOException, InterruptedException {
        require("--repos", repos, repos >= 1, "at least 1");
        require("--events", events, events >= 2 && events % 2 == 0, "even and at least 2");
        require("--rounds", rounds, rounds >= 1, "at least 1");
        Terminal terminal = Terminal.of(spec);
        List<ColdStart.Round> measured = new ColdStart(repos, events, terminal.err()).run(rounds);
        print(terminal, measured, repos);
        if (csv != null) {
            write(csv, measured);
        }
    }

    @Command(name = "plain-client", hidden = true, description = "The baseline of cold-start.")
    void plainClient(@Mixin ClientOptions client, @Option(names = "--concurrency", required = true) int concurrency)
            throws IOException {
        Terminal terminal = Terminal.of(spec);
        long events = client.ask(channel -> new PlainClient(channel, concurrency).readAll(ColdStart.REGISTRY));
        terminal.line("done events=" + events);
        terminal.out().flush();
        // Whoever measures it looks at its process before ending it.
        while (System.in.read() >= 0) {
            continue;
        }
    }

    private static void require(String option, int value, boolean valid, String what) {
        if (!valid) {
            throw Failure.usage(option + " " + value + " is out of range; it must be " + what);
        }
    }

    private static void print(Terminal terminal, List<ColdStart.Round> rounds, int repos) {
        List<List<String>> rows = new ArrayList<>();
        for (String side : List.of(ColdStart.OBSERVER, ColdStart.PLAIN)) {
            List<ColdStart.Round> own =
                    rounds.stream().filter(r -> r.side().equals(side)).toList();
            double seconds = median(own, ColdStart.Round::seconds);
            rows.add(List.of(
                    side,
                    text(seconds),
                    text(own.stream()
                                    .mapToDouble(ColdStart.Round::seconds)
                                    .min()
                                    .orElse(0)) + "-"
                            + text(own.stream()
                                    .mapToDouble(ColdStart.Round::seconds)
                                    .max()
                                    .orElse(0)),
                    String.format(Locale.ROOT, "%.0f", repos / seconds),
                    text(median(own, ColdStart.Round::cpu)),
                    text(median(own, ColdStart.Round::serverCpu))));
        }
        terminal.table(List.of("SIDE", "SECONDS", "SPREAD", "REPOS/S", "CPU S", "SERVER CPU S"), rows);
        terminal.line(
                "ours is " + text(ratio(rounds, ColdStart.Round::seconds)) + " x as fast as the plain client, with "
                        + text(1 / ratio(rounds, ColdStart.Round::cpu)) + " x its CPU");
    }

    private static double ratio(List<ColdStart.Round> rounds, ToDoubleFunction<ColdStart.Round> value) {
        return median(
                        rounds.stream()
                                .filter(r -> r.side().equals(ColdStart.PLAIN))
                                .toList(),
                        value)
                / median(
                        rounds.stream()
                                .filter(r -> r.side().equals(ColdStart.OBSERVER))
                                .toList(),
                        value);
    }

    private static double median(List<ColdStart.Round> rounds, ToDoubleFunction<ColdStart.Round> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static void write(Path csv, List<ColdStart.Round> rounds) throws IOException {
        List<String> lines = new ArrayList<>(List.of("side,seconds,cpu_s,server_cpu_s"));
        rounds.forEach(
                r -> lines.add(String.join(",", r.side(), text(r.seconds()), text(r.cpu()), text(r.serverCpu()))));
        Files.write(csv, lines);
    }
}
