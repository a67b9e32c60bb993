package io.repowatch.service;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.repowatch.registry.RegistryServices;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where gRPC is served, with the standard services for health and reflection beside the given ones. */
final class GrpcEndpoint {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final InetSocketAddress address;
    private final HealthStatusManager health;

    private GrpcEndpoint(InetSocketAddress address, HealthStatusManager health) {
        this.address = address;
        this.health = health;
    }

    /**
     * Listens. The health of the whole server, the service with the empty name, is NOT_SERVING before {@link #ready}; calls
     * are answered at once. Blocks. A {@link Failure} says what is wrong with the address.
     */
    static GrpcEndpoint listen(Lifecycle lifecycle, InetSocketAddress address, List<BindableService> services) {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
        NettyServerBuilder builder = RegistryServices.configure(NettyServerBuilder.forAddress(address));
        services.forEach(builder::addService);
        builder.addService(health.getHealthService());
        builder.addService(ProtoReflectionServiceV1.newInstance());
        try {
            Server server = builder.build().start();
            lifecycle.owned(server);
            lifecycle.onClose(health::enterTerminalState);
            return new GrpcEndpoint(new InetSocketAddress(address.getAddress(), server.getPort()), health);
        } catch (IOException e) {
            throw cannotListen(address, "--grpc", e);
        }
    }

    static Failure cannotListen(InetSocketAddress address, String option, IOException e) {
        Throwable cause = e.getCause() != null ? e.getCause() : e;
        return Failure.refused(
                "cannot listen on " + HostPort.of(address) + " (" + cause.getMessage()
                        + "); stop what listens there, or choose another address with " + option,
                e);
    }

    /** What the process is for works now. */
    void ready() {
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    }

    @Override
    public String toString() {
        return HostPort.of(address).toString();
    }

    /** Streams that watch never end by themselves; the others get a moment. Blocks. */
    static void stop(Server server) {
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
