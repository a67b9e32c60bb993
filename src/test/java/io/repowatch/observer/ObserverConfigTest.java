package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.repowatch.id.GlobalPath;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObserverConfigTest {

    @Test
    void theDefaultsAreThoseOfTheSpecification() {
        ObserverConfig config =
                ObserverConfig.builder().registry("r").prefix("/p").build();
        assertThat(config.repoReads()).isEqualTo(10);
        assertThat(config.generalReads()).isEqualTo(20);
        assertThat(config.weakRetryLimit()).isEqualTo(5);
        assertThat(config.errorMessageBytes()).isEqualTo(120);
    }

    @Test
    void registriesPrefixesAndHostsAreRepeatable() {
        ObserverConfig config = ObserverConfig.builder()
                .registry("r1")
                .registries(List.of("r2", "r1"))
                .prefix("/p1")
                .prefixes(List.of("/p2"))
                .host("h1")
                .hosts(List.of("h2"))
                .build();
        assertThat(config.registries()).containsExactly("r1", "r2");
        assertThat(config.prefixes()).containsExactly("/p1", "/p2");
        assertThat(config.hosts()).containsExactly("h1", "h2");
    }

    @Test
    void aWrongValueIsNamedWithItsField() {
        refuses("registries", "[]", config -> ObserverConfig.builder().prefix("/p"));
        refuses("registries", "[r,  ]", config -> config.registry(" "));
        refuses("prefixes", "[]", config -> ObserverConfig.builder().registry("r"));
        refuses("prefixes", "own", config -> config.prefix("own"));
        refuses("hosts", "[]", config -> config.host(""));
        refuses("repoReads", "0", config -> config.repoReads(0));
        refuses("generalReads", "-1", config -> config.generalReads(-1));
        refuses("weakRetryLimit", "-1", config -> config.weakRetryLimit(-1));
        refuses("errorMessageBytes", "201", config -> config.errorMessageBytes(201));
        refuses("errorMessageBytes", "39", config -> config.errorMessageBytes(39));
        refuses("sweepPeriod", "PT-1S", config -> config.sweepPeriod(Duration.ofSeconds(-1)));
        refuses("maxBackoff", "PT1S", config -> config.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        refuses("observationBuffer", "0", config -> config.observationBuffer(0));
    }

    private static void refuses(String field, String value, UnaryOperator<ObserverConfig.Builder> change) {
        ObserverConfig.Builder config = ObserverConfig.builder().registry("r").prefix("/p");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(config).build())
                .withMessageStartingWith(field)
                .withMessageEndingWith("but is " + value);
    }

    @ParameterizedTest
    @CsvSource({
        "/own,    /own,     true",
        "/own,    /own/x,   true",
        "/own,    /ownx,    false",
        "/own//,  /own/x,   true",
        "/own//,  /own,     true",
        "/,       /any/x,   true",
        "/,       /,        true",
        "/own/x,  /own,     false",
    })
    void aPrefixOwnsWholeComponents(String prefix, String path, boolean own) {
        assertThat(new Prefixes(List.of(prefix)).own(GlobalPath.parse(path))).isEqualTo(own);
    }
}
