package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.repowatch.client.Channels;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import io.repowatch.registry.RegistryServices;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** What tools ask any gRPC server. */
class GrpcEndpointTest {
    private final Lifecycle lifecycle = new Lifecycle();
    private GrpcEndpoint endpoint;
    private ManagedChannel channel;

    @BeforeEach
    void listen() {
        Registry registry = Registry.open(
                new MemoryJournal(),
                RegistryConfig.builder(Schedulers.parallel(), new Random(1)).build());
        lifecycle.onClose(registry::close);
        List<BindableService> services = RegistryServices.of(registry, Basics.CALLER);
        endpoint = GrpcEndpoint.listen(lifecycle, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), services);
        channel = Channels.plaintext(HostPort.parse(endpoint.toString()).loopback());
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        lifecycle.close();
    }

    @Test
    void itsHealthFollowsItsReadiness() {
        assertThat(health()).isEqualTo(ServingStatus.NOT_SERVING);
        endpoint.ready();
        assertThat(health()).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void reflectionListsEveryServiceAndDescribesIt() throws Exception {
        assertThat(reflect(ServerReflectionRequest.newBuilder()
                                .setListServices("")
                                .build())
                        .getListServicesResponse()
                        .getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(
                        "nogfso.Registry",
                        "nogfso.Repos",
                        "nogfso.LiveBroadcast",
                        "repowatch.v1.RegistryListing",
                        "grpc.health.v1.Health");
        assertThat(reflect(ServerReflectionRequest.newBuilder()
                                .setFileContainingSymbol("repowatch.v1.RegistryListing")
                                .build())
                        .getFileDescriptorResponse()
                        .getFileDescriptorProtoCount())
                .as("the file and what it imports")
                .isGreaterThan(1);
        for (String symbol : List.of("nogfso.Registry", "nogfso.Repos")) {
            assertThat(reflect(ServerReflectionRequest.newBuilder()
                                    .setFileContainingSymbol(symbol)
                                    .build())
                            .hasErrorResponse())
                    .as(symbol)
                    .isFalse();
        }
    }

    private ServingStatus health() {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private ServerReflectionResponse reflect(ServerReflectionRequest request) throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> call = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable e) {
                        answer.completeExceptionally(e);
                    }

                    @Override
                    public void onCompleted() {}
                });
        call.onNext(request);
        ServerReflectionResponse response = answer.get(20, TimeUnit.SECONDS);
        call.onCompleted();
        return response;
    }
}
