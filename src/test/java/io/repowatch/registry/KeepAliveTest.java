package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Existing clients ping every 40 s, also when they have no call open. A server that does not expect this sends them away.
 * The pings are real ones on a socket; instead of waiting for minutes the permitted interval is made short where they are to
 * be accepted, and what the recommended settings set it to is looked up.
 */
class KeepAliveTest {
    private static final int PINGS = 20;

    /** What the server said to pings without a call, one as soon as the last is answered; empty if it answered them all. */
    private static String pinging(UnaryOperator<NettyServerBuilder> settings) throws Exception {
        Server server = settings.apply(
                        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .build()
                .start();
        try (RawHttp2Client client = new RawHttp2Client(server.getPort())) {
            for (int i = 0; i < PINGS; i++) {
                String answer = client.ping();
                if (!answer.isEmpty()) {
                    return answer;
                }
            }
            return "";
        } finally {
            server.shutdownNow();
            assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void pingsWithoutCallsAreWelcomeWithTheRecommendedSettings() throws Exception {
        assertThat(pinging(builder -> RegistryServices.configure(builder).permitKeepAliveTime(1, TimeUnit.NANOSECONDS)))
                .isEmpty();
    }

    @Test
    void theyWouldNotBeWithoutThem() throws Exception {
        assertThat(pinging(builder -> builder)).isEqualTo("too_many_pings");
        assertThat(pinging(builder -> builder.permitKeepAliveTime(1, TimeUnit.NANOSECONDS)))
                .as("the interval alone is not enough")
                .isEqualTo("too_many_pings");
        assertThat(pinging(RegistryServices::configure))
                .as("a flood is still refused")
                .isEqualTo("too_many_pings");
    }

    @Test
    void theRecommendedIntervalIsShorterThanThatOfTheClients() throws Exception {
        NettyServerBuilder builder = RegistryServices.configure(NettyServerBuilder.forPort(0));
        long nanos = (long) field(builder, "permitKeepAliveTimeInNanos");
        assertThat(nanos).isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(30));
        assertThat(field(builder, "permitKeepAliveWithoutCalls")).isEqualTo(true);
        assertThat(field(builder, "keepAliveTimeInNanos")).isEqualTo(TimeUnit.SECONDS.toNanos(40));
    }

    private static Object field(NettyServerBuilder builder, String name) throws Exception {
        Field field = NettyServerBuilder.class.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(builder);
    }
}
