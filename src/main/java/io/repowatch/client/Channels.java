package io.repowatch.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Opens channels with the settings that a registry of the wire contract expects of its clients. */
public final class Channels {

    /**
     * How often an idle connection is probed, also without calls. A registry probes as often and takes anything below 30 s
     * for abuse (registry specification, section 9).
     */
    public static final Duration KEEP_ALIVE = Duration.ofSeconds(40);

    /** How long a probe may stay unanswered before the connection counts as broken and its calls fail. */
    public static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(20);

    /**
     * The bytes a server may send ahead, per stream and per connection. It bounds what small messages can pile up on this side;
     * the prefetch of a stream does not (it counts messages that have left the transport already).
     */
    public static final int FLOW_CONTROL_WINDOW = 64 * 1024;

    private Channels() {}

    /**
     * A channel without encryption to a server on this machine. It connects when it is first used; whoever opens it shuts it
     * down.
     *
     * @throws IllegalArgumentException if {@code server} is unresolved or not a loopback address: there, what is sent could
     *     be read and changed by others
     */
    public static ManagedChannel plaintext(InetSocketAddress server) {
        if (server.isUnresolved()) {
            throw new IllegalArgumentException("unknown host: " + server.getHostString());
        }
        if (!server.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "not a loopback address: " + server + "; connections without encryption stay on this machine");
        }
        return NettyChannelBuilder.forAddress(server)
                .usePlaintext()
                .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .flowControlWindow(FLOW_CONTROL_WINDOW)
                .build();
    }
}
