package io.repowatch.service;

import io.repowatch.testkit.simulation.Simulation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays random histories of the whole system. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Plays random histories of a registry, observers and storage hosts with faults of all kinds, each"
                + " from one seed, in one thread and on virtual time. Touches no file and no network. Exits 1 if one of them"
                + " does something that it must not; docs/simulation.md explains what that is.")
final class SimulateCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many seeds; default ${DEFAULT-VALUE}.")
    int seeds = 200;

    @Option(
            names = "--from",
            paramLabel = "S",
            defaultValue = "1",
            description = "The first seed; default ${DEFAULT-VALUE}.")
    long from = 1;

    @Option(names = "--trace", description = "Print what happens in every seed, not only in the first that fails.")
    boolean trace;

    private final Simulation simulation;

    SimulateCommand() {
        this(new Simulation());
    }

    SimulateCommand(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public Integer call() {
        if (seeds < 1) {
            throw Failure.usage("--seeds " + seeds + " is out of range; it must be at least 1");
        }
        SimulateRun run = new SimulateRun(simulation, Terminal.of(spec), trace);
        boolean fine = Logs.silently(() -> run.play(from, seeds));
        return fine ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
