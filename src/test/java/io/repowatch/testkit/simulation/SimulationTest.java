package io.repowatch.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SEEDS = Integer.getInteger("repowatch.simulation.seeds", 200);
    private static final long FROM = Long.getLong("repowatch.simulation.from", 1L);

    @Test
    void randomHistoriesComeToRestAndBreakNothing() {
        Simulation simulation = new Simulation();
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            assertThat(simulation.play(seed).violations()).as("seed %d", seed).isEmpty();
        }
    }
}
