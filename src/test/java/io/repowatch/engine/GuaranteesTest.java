package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void aMutantIsTheEngineButForOnePackagePrivateMethod(Mutant mutant) throws NoSuchMethodException {
        List<Class<?>> variants = new ArrayList<>();
        new EngineFixture(builder -> builder.core(settings -> {
            Core core = mutant.core.apply(settings);
            variants.add(core.getClass());
            return core;
        }));
        assertThat(variants).hasSize(1).allMatch(variant -> variant.getSuperclass() == Core.class);
        List<Method> own = Arrays.stream(variants.get(0).getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .toList();
        assertThat(own).hasSize(1);
        Method real =
                Core.class.getDeclaredMethod(own.get(0).getName(), own.get(0).getParameterTypes());
        assertThat(real.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED | Modifier.PRIVATE | Modifier.STATIC))
                .isZero();
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
