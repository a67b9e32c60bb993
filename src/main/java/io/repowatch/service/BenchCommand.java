package io.repowatch.service;

import io.repowatch.service.bench.Bench;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures, each time beside baselines in the same run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures on this machine, beside baselines. docs/benchmarks.md explains the rows.")
final class BenchCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "N",
            description = "The rows to measure, as in --rows 1,2; default all.")
    List<Integer> rows = List.of();

    @Option(
            names = "--repos",
            paramLabel = "N",
            description = "How many repos, or what else a row counts, instead of the number of its goal.")
    @Nullable
    Integer repos;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each side is measured, after once that does not count; default ${DEFAULT-VALUE}.")
    int rounds;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            defaultValue = "target/bench.csv",
            description = "Where the figures of every round go; default ${DEFAULT-VALUE}.")
    Path csv = Path.of("target", "bench.csv");

    @Override
    public Integer call() throws Exception {
        Terminal terminal = Terminal.of(spec);
        new Bench(config(), terminal.out(), terminal.err()).run();
        return CommandLine.ExitCode.OK;
    }

    private Bench.Config config() {
        try {
            return new Bench.Config(
                    Set.copyOf(rows), repos == null ? OptionalInt.empty() : OptionalInt.of(repos), rounds, csv);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()));
        }
    }
}
