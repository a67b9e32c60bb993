package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.simulation.PlantedBug;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimulateTest {
    /** Runs the command on a product in which something is wrong. */
    private static Cli simulateWrongly(String... args) {
        CommandLine.IFactory commands = new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return type == SimulateCommand.class
                        ? type.cast(new SimulateCommand(PlantedBug.SYNC_OMITTED.simulation()))
                        : CommandLine.defaultFactory().create(type);
            }
        };
        return Cli.run(commands, args);
    }

    /** Without the speed, which is another one every time. */
    private static List<String> lines(Cli cli) {
        return cli.out().lines().filter(line -> !line.contains("seeds/s")).toList();
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
    void aSeedThatFailsMakesItExitWithOneAndIsReplayedStepForStepWithItsTrace() {
        Cli first = simulateWrongly("simulate", "--seeds", "3", "--from", "1");
        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .contains("seed 1 fails")
                .containsPattern("3 seeds from 1: \\d failed, first 1\\R")
                .contains("VIOLATION")
                .containsPattern("seed 1 replayed step for step: fingerprint [0-9a-f]{16}; again with: "
                        + "repowatch simulate --seeds 1 --from 1 --trace\\R$");

        Cli again = simulateWrongly("simulate", "--seeds", "3", "--from", "1");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(lines(again)).isEqualTo(lines(first));
    }

    @Test
    void theCommandThatIsPrintedForASeedThatFailsPrintsTheSameTrace() {
        Cli failed = simulateWrongly("simulate", "--seeds", "1", "--from", "1");
        String command = failed.out()
                .lines()
                .filter(line -> line.contains("again with: repowatch "))
                .findFirst()
                .orElseThrow();
        Cli again = simulateWrongly(
                command.replaceFirst(".*again with: repowatch ", "").split(" "));
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(trace(again)).hasSizeGreaterThan(100).isEqualTo(trace(failed));
    }

    private static List<String> trace(Cli cli) {
        return cli.out()
                .lines()
                .filter(line -> line.matches(" +[0-9]+[.][0-9]{6} .*"))
                .toList();
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
