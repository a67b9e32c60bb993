package io.repowatch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {
    private final Lifecycle lifecycle = new Lifecycle();
    private final AtomicReference<@Nullable String> notReady = new AtomicReference<>("loading");
    private String address = "";

    @BeforeEach
    void listen() {
        address = HttpEndpoint.listen(
                        lifecycle,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Metrics(lifecycle),
                        notReady::get)
                .toString();
    }

    @AfterEach
    void close() {
        lifecycle.close();
    }

    @Test
    void itIsHealthyAtOnceAndReadyLater() throws Exception {
        assertThat(call("GET", "/healthz")).isEqualTo("200 ok\n");
        assertThat(call("GET", "/readyz")).isEqualTo("503 loading\n");
        notReady.set(null);
        assertThat(call("GET", "/readyz")).isEqualTo("200 ready\n");
        assertThat(call("HEAD", "/readyz")).isEqualTo("200 ");
    }

    @Test
    void metricsAreInTheTextFormatOfPrometheus() throws Exception {
        assertThat(call("GET", "/metrics")).startsWith("200 ").contains("# TYPE jvm_memory_used_bytes gauge");
    }

    @Test
    void otherPathsAndMethodsAreRefusedAndSayWhatThereIs() throws Exception {
        assertThat(call("GET", "/")).startsWith("404 ").contains("/metrics");
        assertThat(call("GET", "/metrics/more")).startsWith("404 ");
        assertThat(call("POST", "/metrics")).startsWith("405 ");
    }

    @Test
    void anAddressInUseIsNamedWithTheOption() {
        assertThatThrownBy(() -> HttpEndpoint.listen(
                        lifecycle, HostPort.parse(address).loopback(), new Metrics(lifecycle), notReady::get))
                .isInstanceOf(Failure.class)
                .hasMessageContainingAll("cannot listen on " + address, "--http");
    }

    @Test
    void afterTheEndNobodyListens() throws Exception {
        lifecycle.close();
        assertThatThrownBy(() -> call("GET", "/healthz")).isInstanceOf(IOException.class);
    }

    private String call(String method, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + address + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }
}
