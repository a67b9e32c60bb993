package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellGlobTest {
    @ParameterizedTest
    @CsvSource({
        "*, a, true",
        "*, a/b, false",
        "., ., true",
        "*/b, a/b, true",
        "a?c, abc, true",
        "a?c, a/c, false",
        "a*c*e, abcde, true",
        "a*c*e, abcdef, false",
        "**, abc, true",
        "[a-c]x, bx, true",
        "[a-c]x, dx, false",
        "[!a-c]x, dx, true",
        "[^a-c]x, bx, false",
        "[]a]x, ]x, true",
        "[a-]x, -x, true",
        "a\\*, a*, true",
        "a\\*, ab, false",
        "'', '', true",
        "a, A, false"
    })
    void matchesTheWholePath(String pattern, String path, boolean matches) {
        assertThat(new ShellGlob(pattern).matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[a", "a\\", "[c-a]", "x/[a/b]", "[a-"})
    void aMalformedPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> new ShellGlob(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pattern component");
    }

    @Test
    void manyStarsDoNotMultiplyTheWork() {
        // With backtracking over all stars this would not end.
        assertThat(new ShellGlob("*a".repeat(200) + "b").matches("a".repeat(5_000)))
                .isFalse();
    }
}
