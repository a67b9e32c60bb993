package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.observer.StrongError;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
    @TempDir
    Path directory;

    private StorageFixture host;

    @BeforeEach
    void start() throws IOException {
        host = new StorageFixture(directory.toRealPath());
        host.file("a", 100);
        host.file("s/b", 200);
        host.file("s/t/c", 300);
        Files.createLink(host.data.resolve("hard"), host.data.resolve("s/t/c"));
        // 7 entries with the directory itself (p a hard s b t c), 3 direct ones, 600 bytes.
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void limit(long files, long bytes) {
        host.config = StorageConfig.builder(host.shadowRoot)
                .host("localhost")
                .limits(new InitLimits(files, bytes))
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "ST_ENTER_SUBDIRS, 7, 600, true",
        "ST_ENTER_SUBDIRS, 6, 0, false",
        "ST_ENTER_SUBDIRS, 0, 599, false",
        "ST_UNSPECIFIED, 6, 0, false",
        "ST_BUNDLE_SUBDIRS, 3, 1, true",
        "ST_BUNDLE_SUBDIRS, 2, 0, false",
        "ST_IGNORE_SUBDIRS, 3, 1, true",
        "ST_IGNORE_SUBDIRS, 2, 0, false",
        "ST_IGNORE_MOST, 1, 1, true",
    })
    void whatIsCountedDependsOnTheTracking(SubdirTracking tracking, long files, long bytes, boolean allowed) {
        limit(files, bytes);
        if (allowed) {
            assertThatCode(() -> host.init(tracking)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> host.init(tracking))
                    .isInstanceOf(StrongError.class)
                    .hasMessageContaining(host.data.toString());
            assertThat(host.shadowRoot).as("nothing is written").doesNotExist();
        }
    }

    @Test
    void theMessageNamesLimitCountAndPath() {
        limit(6, 0);
        assertThatThrownBy(() -> host.init(SubdirTracking.ST_ENTER_SUBDIRS))
                .hasMessage("init limit of 6 files exceeded, at least 7 in " + host.data);
        limit(0, 599);
        assertThatThrownBy(() -> host.init(SubdirTracking.ST_ENTER_SUBDIRS))
                .hasMessage("init limit of 599 bytes exceeded, at least 600 in " + host.data);
    }

    @Test
    void negativeLimitsAreRefusedByName() {
        assertThatThrownBy(() -> new InitLimits(-1, 0))
                .hasMessageContaining("maxFiles")
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new InitLimits(0, -5))
                .hasMessageContaining("maxBytes")
                .hasMessageContaining("-5");
    }

    @Test
    void configurationErrorsNameTheFieldAndTheValue() {
        assertThatThrownBy(() ->
                        StorageConfig.builder(Path.of("relative")).host("h").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shadowRoot")
                .hasMessageContaining("relative");
        assertThatThrownBy(() -> StorageConfig.builder(Path.of("/s")).build()).hasMessageContaining("hosts");
        assertThatThrownBy(() -> StorageConfig.builder(Path.of("/s"))
                        .host("h")
                        .statQueue(0)
                        .build())
                .hasMessageContaining("statQueue")
                .hasMessageContaining("0");
    }
}
