package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
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

/** The checks of the guarantees see the difference: each mutant of the engine turns its own red. */
class MutantsTest {

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
}
