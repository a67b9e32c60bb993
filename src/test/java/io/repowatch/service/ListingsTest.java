package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Status;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.ReactorRegistryGrpc;
import io.repowatch.wire.nogfso.RepoInfo;
import io.repowatch.wire.v1.ReactorRegistryListingGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code get repos} against servers that can list in parts, and those that cannot. */
class ListingsTest {
    private static final int MANY = 200_000;

    private final Lifecycle lifecycle = new Lifecycle();

    @AfterEach
    void close() {
        lifecycle.close();
    }

    @Test
    void aServerWithoutListingInPartsIsAskedForOneLargeMessage() throws IOException {
        GetReposO all = part(0, MANY);
        assertThat(all.getSerializedSize()).isGreaterThan(4 << 20);
        String server = serve(new ReactorRegistryGrpc.RegistryImplBase() {
            @Override
            public Mono<GetReposO> getRepos(GetReposI request) {
                return Mono.just(all);
            }
        });

        assertComplete(server);
    }

    @Test
    void aServerWithListingInPartsSendsThem() throws IOException {
        String server = serve(new ReactorRegistryListingGrpc.RegistryListingImplBase() {
            @Override
            public Flux<GetReposO> listRepos(GetReposI request) {
                return Flux.range(0, MANY / 1000).map(i -> part(i * 1000, 1000));
            }
        });

        assertComplete(server);
    }

    @Test
    void aRefusalIsNoReasonToAskInAnotherWay() {
        String server = serve(new ReactorRegistryListingGrpc.RegistryListingImplBase() {
            @Override
            public Flux<GetReposO> listRepos(GetReposI request) {
                return Flux.error(
                        Status.PERMISSION_DENIED.withDescription("default deny").asRuntimeException());
            }
        });

        Cli cli = Cli.run("get", "repos", "local", "--server", server);
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.err()).isEqualTo("repowatch: default deny\n");
    }

    private static void assertComplete(String server) throws IOException {
        Cli table = Cli.run("get", "repos", "local", "--server", server);
        assertThat(table.err()).isEmpty();
        assertThat(table.out().lines().skip(1)).hasSize(MANY);
        assertThat(table.out().lines().skip(MANY).findFirst().orElse("")).endsWith("  yes        " + path(MANY - 1));

        JsonNode json = new ObjectMapper()
                .readTree(Cli.run("get", "repos", "local", "-o", "json", "--server", server)
                        .out());
        assertThat(json.get("registry").asText()).isEqualTo("local");
        assertThat(json.get("repos")).hasSize(MANY);
        assertThat(json.get("repos").get(MANY - 1).get("globalPath").asText()).isEqualTo(path(MANY - 1));
    }

    private static GetReposO part(int from, int number) {
        GetReposO.Builder part = GetReposO.newBuilder().setRegistry("local");
        for (int i = from; i < from + number; i++) {
            part.addRepos(RepoInfo.newBuilder()
                    .setId(ByteString.copyFrom(
                            ByteBuffer.allocate(16).putLong(1).putLong(i).array()))
                    .setGlobalPath(path(i))
                    .setConfirmed(true));
        }
        return part.build();
    }

    private static String path(int number) {
        return String.format("/data/project-%06d", number);
    }

    private String serve(BindableService service) {
        return GrpcEndpoint.listen(
                        lifecycle, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(service))
                .toString();
    }
}
