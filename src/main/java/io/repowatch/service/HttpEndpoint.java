package io.repowatch.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Health and metrics for tools that speak HTTP/1.1: {@code /healthz} answers 200 while the process lives, {@code /readyz} 503
 * until it is ready, {@code /metrics} in the text format of Prometheus.
 */
final class HttpEndpoint {
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final Supplier<@Nullable String> notReady;

    private HttpEndpoint(HttpServer server, Supplier<@Nullable String> notReady) {
        this.server = server;
        this.notReady = notReady;
    }

    /** What a path answers. */
    private interface Page {
        Answer answer();
    }

    private record Answer(int status, String type, String body) {}

    /**
     * Listens. Blocks. A {@link Failure} says what is wrong with the address.
     *
     * @param notReady why the process is not ready, null once it is
     */
    static HttpEndpoint listen(
            Lifecycle lifecycle, InetSocketAddress address, Metrics metrics, Supplier<@Nullable String> notReady) {
        try {
            HttpServer server = HttpServer.create(address, BACKLOG);
            HttpEndpoint endpoint = new HttpEndpoint(server, notReady);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS, run -> {
                Thread thread = new Thread(run, "repowatch-http");
                thread.setDaemon(true);
                return thread;
            });
            server.setExecutor(threads);
            endpoint.serve("/healthz", () -> new Answer(200, TEXT, "ok\n"));
            endpoint.serve("/readyz", endpoint::readiness);
            endpoint.serve("/metrics", () -> new Answer(200, METRICS, metrics.scrape()));
            endpoint.serve("/", () -> new Answer(404, TEXT, "not here; there are /healthz, /readyz and /metrics\n"));
            server.start();
            lifecycle.onClose(() -> {
                server.stop(0);
                threads.shutdownNow();
            });
            return endpoint;
        } catch (IOException e) {
            throw GrpcEndpoint.cannotListen(address, "--http", e);
        }
    }

    private Answer readiness() {
        String reason = notReady.get();
        return reason == null ? new Answer(200, TEXT, "ready\n") : new Answer(503, TEXT, reason + "\n");
    }

    private void serve(String path, Page page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answer(exchange, path, page);
            }
        });
    }

    // A context also gets what lies below its path.
    private static void answer(HttpExchange exchange, String path, Page page) throws IOException {
        boolean known = path.equals("/") || exchange.getRequestURI().getPath().equals(path);
        String method = exchange.getRequestMethod();
        Answer answer;
        if (!known) {
            answer = new Answer(404, TEXT, "not here\n");
        } else if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            answer = new Answer(405, TEXT, "only GET and HEAD\n");
        } else {
            answer = page.answer();
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        if (method.equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public String toString() {
        return HostPort.of(server.getAddress()).toString();
    }
}
