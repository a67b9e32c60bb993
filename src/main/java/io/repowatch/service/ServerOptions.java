package io.repowatch.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every server process. */
final class ServerOptions {
    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            converter = HostPort.Converter.class,
            description = "Where to serve /healthz, /readyz and /metrics, loopback only; default nowhere.")
    @Nullable
    HostPort http;

    @Option(
            names = "--log",
            paramLabel = "human|json",
            defaultValue = "human",
            description = "How logs on standard error look; default ${DEFAULT-VALUE}.")
    Logs.Form log = Logs.Form.HUMAN;

    /** Where to listen, checked. */
    Endpoints.Addresses addresses(HostPort grpc) {
        return new Endpoints.Addresses(grpc.loopback(), http == null ? null : http.loopback());
    }
}
