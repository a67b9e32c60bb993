package io.repowatch.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the observer is, for the commands that ask it rather than the registry. */
final class ObserverOption {
    @Option(
            names = "--observer",
            paramLabel = "HOST:PORT",
            converter = HostPort.Converter.class,
            description = "The observer to ask; default the server's address.")
    @Nullable
    HostPort observer;

    HostPort address(ClientOptions client) {
        return observer != null ? observer : client.server;
    }
}
