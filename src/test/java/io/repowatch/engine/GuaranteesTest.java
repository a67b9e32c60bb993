package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ten guarantees over random histories; how many is {@code -Drepowatch.engine.seeds}. */
class GuaranteesTest {
    private static final int SEEDS = Integer.getInteger("repowatch.engine.seeds", 300);

    @Test
    void randomHistoriesBreakNoGuarantee() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(Simulation.play(seed, Core::new)).asString().isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 7, 8, 9, 10})
    void theEngineKeepsTheGuaranteesThatHaveAScenarioOfTheirOwn(int guarantee) {
        assertThatCode(() -> Guarantee.scenario(guarantee, Core::new)).doesNotThrowAnyException();
    }

    @Test
    void aSeedReplaysTheSameHistory() {
        assertThat(Simulation.play(7, Mutant.COUNTS_A_FAILED_EVENT_AS_HANDLED.core))
                .asString()
                .isNotEqualTo("{}")
                .isEqualTo(Simulation.play(7, Mutant.COUNTS_A_FAILED_EVENT_AS_HANDLED.core)
                        .toString());
    }
}
