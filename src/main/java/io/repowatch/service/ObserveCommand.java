package io.repowatch.service;

import io.grpc.ManagedChannel;
import io.repowatch.client.Channels;
import io.repowatch.client.ClientConfig;
import io.repowatch.client.FeedEventSource;
import io.repowatch.client.FeedFilter;
import io.repowatch.client.GrpcEventSource;
import io.repowatch.client.GrpcRegistryCommands;
import io.repowatch.engine.EventSource;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;

/** Runs an observer of a registry elsewhere. */
@Command(
        name = "observe",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs an observer on a storage host: makes and serves the shadow repos that a registry asks for.")
final class ObserveCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Mixin
    ObserveOptions options = new ObserveOptions();

    @Mixin
    StorageOptions storage = new StorageOptions();

    @Mixin
    ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.configure(server.log);
        ObserverPart.Settings settings = new ObserverPart.Settings(
                options.checkedRegistries(),
                options.checkedPrefixes(),
                ServeConfig.names("--host", storage.hosts),
                options.shadowRoot.toAbsolutePath().normalize(),
                storage.otherShadowRoots(),
                storage.move,
                storage.checkedStatInterval(),
                options.checkedRepoReads());
        Endpoints.Addresses addresses = server.addresses(options.grpc);
        InetSocketAddress registry = options.registryServer.loopback();
        return ServerRun.run(Terminal.of(spec), basics -> start(basics, addresses, settings, registry));
    }

    private Mono<String> start(
            Basics basics, Endpoints.Addresses addresses, ObserverPart.Settings settings, InetSocketAddress registry) {
        ManagedChannel channel = Channels.plaintext(registry);
        basics.lifecycle().onClose(channel::shutdownNow);
        ClientConfig config = ClientConfig.builder()
                .timer(basics.timer())
                .random(basics.random())
                .build();
        ObserverPart observer = new ObserverPart(
                basics, settings, source(channel, config, settings), new GrpcRegistryCommands(channel, config));
        Endpoints endpoints = new Endpoints(basics, addresses, observer.services());
        observer.watch();
        return new InitialLoad(observer.followed(), observer, Progress.of(server.log), endpoints, basics.timer())
                .done()
                .map(repos -> endpoints.ready("repos=" + repos));
    }

    private EventSource source(ManagedChannel channel, ClientConfig config, ObserverPart.Settings settings) {
        return options.compatible
                ? new GrpcEventSource(channel, config)
                : new FeedEventSource(channel, config, new FeedFilter(settings.registries(), settings.prefixes()));
    }
}
