package io.repowatch.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalPathTest {

    @ParameterizedTest
    @CsvSource({"/, ''", "//, ''", "/a, /a", "/a/, /a", "//a//b//, /a/b", "/a/./b, /a/b", "/a/../b, /b", "/../.., ''"})
    void pathsAreCleaned(String text, String value) {
        assertThat(GlobalPath.parse(text).value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/.hidden", "/...", "/a/..b", "/a/b..", "/a/.b/c", "/a/x./c", "/ä/ ö"})
    void dotsWithinNamesStay(String clean) {
        assertThat(GlobalPath.parse(clean).value()).isEqualTo(clean);
        assertThat(new GlobalPath(clean)).isEqualTo(GlobalPath.parse(clean));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/", "//a", "/a//b", "/.", "/a/.", "/a/..", "/../a", "/a/./b", "a", "/a\0b", "/a\0"})
    void onlyCleanPathsAreTakenAsTheyAre(String text) {
        assertThatThrownBy(() -> new GlobalPath(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNulCharacterIsRefused() {
        assertThatThrownBy(() -> GlobalPath.parse("/a/b\0")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> GlobalPath.parse("/\0/..")).hasMessageContaining("NUL");
    }

    @Test
    void relativePathsAreRefusedByName() {
        assertThatThrownBy(() -> GlobalPath.parse("a/b")).hasMessageContaining("\"a/b\"");
        assertThatThrownBy(() -> GlobalPath.parse("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GlobalPath("/a/")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void belowIsDecidedByWholeComponents() {
        GlobalPath own = GlobalPath.parse("/own");
        assertThat(GlobalPath.parse("/own").isAtOrBelow(own)).isTrue();
        assertThat(GlobalPath.parse("/own").isBelow(own)).isFalse();
        assertThat(GlobalPath.parse("/own/x").isBelow(own)).isTrue();
        assertThat(GlobalPath.parse("/ownx").isAtOrBelow(own)).isFalse();
        assertThat(GlobalPath.parse("/ownx").isAtOrBelow(GlobalPath.ROOT)).isTrue();
    }

    @Test
    void parentsEndAtTheRoot() {
        assertThat(GlobalPath.parse("/a/b").parent()).hasToString("/a");
        assertThat(GlobalPath.parse("/a").parent()).isEqualTo(GlobalPath.ROOT);
        assertThat(GlobalPath.ROOT.parent()).isEqualTo(GlobalPath.ROOT);
        assertThat(GlobalPath.ROOT).hasToString("/");
    }

    @Test
    void relativeTo() {
        assertThat(GlobalPath.parse("/a/b/c").relativeTo(GlobalPath.parse("/a")))
                .isEqualTo("b/c");
        assertThat(GlobalPath.parse("/a").relativeTo(GlobalPath.parse("/a"))).isEmpty();
        assertThat(GlobalPath.parse("/a").relativeTo(GlobalPath.ROOT)).isEqualTo("a");
    }
}
