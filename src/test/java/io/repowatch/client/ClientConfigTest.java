package io.repowatch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.scheduler.Schedulers;

class ClientConfigTest {

    @Test
    void hasTheDocumentedDefaults() {
        ClientConfig config = ClientConfig.defaults();

        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.confirmTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.firstBackoff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.maxBackoff()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.commandTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.readTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.prefetch()).isEqualTo(32);
        assertThat(config.newsBytes()).isEqualTo(1 << 20);
        assertThat(config.timer()).isSameAs(Schedulers.parallel());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void namesTheFieldThatIsOutOfRange(String field, ClientConfig.Builder builder, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining(field)
                .withMessageContaining(value);
    }

    private static Stream<Arguments> outOfRange() {
        return Stream.of(
                Arguments.of("connectTimeout", ClientConfig.builder().connectTimeout(Duration.ZERO), "PT0S"),
                Arguments.of("confirmTimeout", ClientConfig.builder().confirmTimeout(Duration.ZERO), "PT0S"),
                Arguments.of("pollInterval", ClientConfig.builder().pollInterval(Duration.ofSeconds(-1)), "PT-1S"),
                Arguments.of(
                        "firstBackoff", ClientConfig.builder().backoff(Duration.ZERO, Duration.ofSeconds(1)), "PT0S"),
                Arguments.of(
                        "maxBackoff",
                        ClientConfig.builder().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                        "PT1S"),
                Arguments.of("commandTimeout", ClientConfig.builder().commandTimeout(Duration.ZERO), "PT0S"),
                Arguments.of("readTimeout", ClientConfig.builder().readTimeout(Duration.ZERO), "PT0S"),
                Arguments.of("prefetch", ClientConfig.builder().prefetch(1), "1"),
                Arguments.of("prefetch", ClientConfig.builder().prefetch(4097), "4097"),
                Arguments.of("newsBytes", ClientConfig.builder().newsBytes(-1), "-1"),
                Arguments.of("newsBytes", ClientConfig.builder().newsBytes((64 << 20) + 1), "67108865"));
    }

    @Test
    void aChannelWithoutEncryptionStaysOnThisMachine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Channels.plaintext(new InetSocketAddress("192.0.2.1", 7550)))
                .withMessageContaining("192.0.2.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Channels.plaintext(InetSocketAddress.createUnresolved("registry.invalid", 7550)))
                .withMessageContaining("registry.invalid");
    }
}
