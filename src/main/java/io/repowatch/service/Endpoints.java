package io.repowatch.service;

import io.grpc.BindableService;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a server process can be reached, and whether it says that it is ready. */
final class Endpoints {
    private final GrpcEndpoint grpc;
    private final @Nullable HttpEndpoint http;
    private volatile @Nullable String notReady = "the registries have not been read yet";

    /**
     * Where to listen, on loopback.
     *
     * @param grpc for gRPC
     * @param http for health and metrics, null for none
     */
    record Addresses(InetSocketAddress grpc, @Nullable InetSocketAddress http) {}

    /** Listens; blocks. A {@link Failure} says what is wrong with an address. */
    Endpoints(Basics basics, Addresses addresses, List<BindableService> services) {
        InetSocketAddress httpAddress = addresses.http();
        grpc = GrpcEndpoint.listen(basics.lifecycle(), addresses.grpc(), services);
        http = httpAddress == null
                ? null
                : HttpEndpoint.listen(basics.lifecycle(), httpAddress, basics.metrics(), () -> notReady);
    }

    /** Says what it still waits for. */
    void loading(long done, long total) {
        notReady = "initial load: " + done + " of " + total + " repos";
    }

    /** From now on it is ready; returns the addresses as the ready line has them. */
    String ready(String details) {
        notReady = null;
        grpc.ready();
        return "grpc=" + grpc + " " + details + (http == null ? "" : " http=" + http);
    }
}
