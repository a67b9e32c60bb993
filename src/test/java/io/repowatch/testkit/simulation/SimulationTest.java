package io.repowatch.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.simulation.Simulation.Outcome;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private static final int SEEDS = Integer.getInteger("repowatch.simulation.seeds", 200);
    private static final long FROM = Long.getLong("repowatch.simulation.from", 1);

    @Test
    void randomHistoriesBreakNothingAndComeToRest() {
        Simulation simulation = new Simulation();
        Map<String, Long> faults = new TreeMap<>();
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            Outcome outcome = simulation.play(seed);
            assertThat(outcome.violations()).as("seed %d", seed).isEmpty();
            outcome.faults().forEach((kind, count) -> faults.merge(kind, count, Long::sum));
        }
        assertThat(faults.keySet()).as("every kind of fault has happened").hasSize(Fault.values().length);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aSeedReplaysTheSameHistoryStepForStep(long seed) {
        Outcome first = new Simulation().replay(seed);
        Outcome again = new Simulation().replay(seed);
        assertThat(again.trace()).isNotEmpty().isEqualTo(first.trace());
        assertThat(again).isEqualTo(first);
        assertThat(new Simulation().play(seed).fingerprint()).isEqualTo(first.fingerprint());
    }

    @Test
    void aSeedThatFailsReplaysTheSameFailure() {
        Simulation planted = PlantedBug.SYNC_OMITTED.simulation();
        long seed = PlantedBug.SYNC_OMITTED.find(100).orElseThrow();
        Outcome first = planted.play(seed);
        Outcome again = planted.replay(seed);
        assertThat(again.violations()).isNotEmpty().isEqualTo(first.violations());
        assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(again.trace()).anyMatch(line -> line.contains("VIOLATION"));
    }

    @Test
    void otherSeedsAreOtherHistories() {
        assertThat(new Simulation().play(1).fingerprint())
                .isNotEqualTo(new Simulation().play(2).fingerprint());
    }
}
