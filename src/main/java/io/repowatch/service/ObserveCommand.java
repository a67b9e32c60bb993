package io.repowatch.service;

import io.grpc.ManagedChannel;
import io.repowatch.client.Channels;
import io.repowatch.client.ClientConfig;
import io.repowatch.client.FeedEventSource;
import io.repowatch.client.FeedFilter;
import io.repowatch.client.GrpcRegistryCommands;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:REPOWATCH_SERVER:-127.0.0.1:7550}",
            converter = HostPort.Converter.class,
            description = "The registry server, loopback only; default $REPOWATCH_SERVER, else 127.0.0.1:7550.")
    HostPort registryServer = new HostPort("127.0.0.1", 7550);

    @Option(
            names = "--registry",
            paramLabel = "NAME",
            defaultValue = "local",
            description = "A registry to watch; repeatable. Default ${DEFAULT-VALUE}.")
    List<String> registries = List.of("local");

    @Option(
            names = "--prefix",
            paramLabel = "GLOBAL",
            defaultValue = "/",
            description = "Only repos at or below this global path are this observer's; repeatable. Default"
                    + " ${DEFAULT-VALUE}.")
    List<String> prefixes = List.of("/");

    @Option(
            names = "--shadow-root",
            paramLabel = "DIR",
            defaultValue = "repowatch-data/shadow",
            description = "Below which shadow repos are made; default ./${DEFAULT-VALUE}.")
    Path shadowRoot = Path.of("repowatch-data", "shadow");

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7551",
            converter = HostPort.Converter.class,
            description = "Where to listen for stat and status, loopback only; port 0 takes a free one. Default"
                    + " ${DEFAULT-VALUE}.")
    HostPort grpc = new HostPort("127.0.0.1", 7551);

    @Mixin
    StorageOptions storage = new StorageOptions();

    @Mixin
    ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.configure(server.log);
        ObserverPart.Settings settings = new ObserverPart.Settings(
                ServeConfig.names("--registry", registries),
                checkedPrefixes(),
                ServeConfig.names("--host", storage.hosts),
                shadowRoot.toAbsolutePath().normalize(),
                storage.checkedStatInterval());
        Endpoints.Addresses addresses = server.addresses(grpc);
        InetSocketAddress registry = registryServer.loopback();
        return ServerRun.run(Terminal.of(spec), basics -> start(basics, addresses, settings, registry));
    }

    private List<String> checkedPrefixes() {
        return prefixes.stream()
                .map(prefix -> prefix.equals("/")
                        ? prefix
                        : ServeConfig.globalPath("--prefix", prefix).value())
                .distinct()
                .toList();
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
                basics,
                settings,
                new FeedEventSource(channel, config, new FeedFilter(settings.registries(), settings.prefixes())),
                new GrpcRegistryCommands(channel, config));
        Endpoints endpoints = new Endpoints(basics, addresses, observer.services());
        observer.watch();
        return new InitialLoad(observer.followed(), observer, Progress.of(server.log), endpoints, basics.timer())
                .done()
                .map(repos -> endpoints.ready("repos=" + repos));
    }
}
