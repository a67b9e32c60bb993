package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.simulation.PlantedBug;
import io.repowatch.testkit.simulation.Simulation;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SimulateTest {
    @Command
    private static final class Terminals {}

    private static String play(Simulation simulation, boolean expected) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = new CommandLine(new Terminals()).setOut(new PrintWriter(out, true));
        assertThat(new SimulateRun(simulation, new Terminal(commandLine), false).play(1, 5))
                .isEqualTo(expected);
        return out.toString();
    }

    @Test
    void printsFiguresAndExitsWithZero() {
        Cli cli = Cli.run("simulate", "--seeds", "5", "--from", "1");
        assertThat(cli.exitCode()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out())
                .contains("FAULT")
                .contains("read-cut")
                .contains("seeds/s")
                .contains("simulated seconds per CPU second")
                .endsWith("5 seeds from 1: nothing was wrong" + System.lineSeparator());
    }

    @Test
    void aSeedThatFailsIsReplayedStepForStepWithItsTrace() {
        String out = play(PlantedBug.SYNC_OMITTED.simulation(), false);
        assertThat(out)
                .contains(" fails")
                .contains("5 seeds from 1: ")
                .contains("VIOLATION")
                .contains("replayed step for step: fingerprint ")
                .contains("repowatch simulate --seeds 1 --from ");
        assertThat(play(PlantedBug.SYNC_OMITTED.simulation(), false).replaceAll("(?m)^.*seeds/s.*$", ""))
                .as("the same output, figures apart")
                .isEqualTo(out.replaceAll("(?m)^.*seeds/s.*$", ""));
    }

    @Test
    void failuresMakeTheCommandExitWithOne() {
        assertThat(SimulateCommand.exitCode(false)).isEqualTo(1);
        assertThat(SimulateCommand.exitCode(true)).isZero();
    }

    @Test
    void refusesANumberOfSeedsThatIsNone() {
        Cli cli = Cli.run("simulate", "--seeds", "0");
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err()).contains("--seeds 0 is out of range; it must be at least 1");
    }

    @Test
    void printsEveryTraceWhereThatIsAskedFor() {
        Cli cli = Cli.run("simulate", "--seeds", "1", "--from", "3", "--trace");
        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out()).contains("seed 3").contains("EV_FSO_REPO_INIT_STARTED");
    }
}
