package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuaranteesTest {

    @Test
    void randomHistoriesBreakNoGuarantee() {
        for (long seed = 1; seed <= 300; seed++) {
            assertThat(Simulation.play(seed, Core::new)).asString().isEqualTo("{}");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 7, 8, 9, 10})
    void theEngineKeepsTheGuaranteesThatHaveAScenarioOfTheirOwn(int guarantee) {
        assertThatCode(() -> Guarantee.scenario(guarantee, Core::new)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void aMutantBreaksItsGuarantee(Mutant mutant) {
        assertThatThrownBy(() -> Guarantee.check(mutant.guarantee, mutant.core))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("guarantee " + mutant.guarantee);
    }

    @Test
    void everyGuaranteeHasAMutant() {
        assertThat(Arrays.stream(Mutant.values()).map(mutant -> mutant.guarantee))
                .containsAll(IntStream.rangeClosed(1, 10).boxed().toList());
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
