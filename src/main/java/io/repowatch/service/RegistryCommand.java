package io.repowatch.service;

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

/** Runs a registry alone. */
@Command(
        name = "registry",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs a registry: keeps the events, for observers on any number of hosts.")
final class RegistryCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "repowatch-data",
            description = "Where the journal is kept; default ./${DEFAULT-VALUE}.")
    Path data = Path.of("repowatch-data");

    @Option(
            names = "--registry",
            paramLabel = "NAME",
            defaultValue = "local",
            description = "A registry to make if it is missing; repeatable. Default ${DEFAULT-VALUE}.")
    List<String> registries = List.of("local");

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7550",
            converter = HostPort.Converter.class,
            description = "Where to listen, loopback only; port 0 takes a free one. Default ${DEFAULT-VALUE}.")
    HostPort grpc = new HostPort("127.0.0.1", 7550);

    @Mixin
    ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.configure(server.log);
        Endpoints.Addresses addresses = server.addresses(grpc);
        List<String> names = ServeConfig.names("--registry", registries);
        Path directory = ServeConfig.realData(data);
        return ServerRun.run(Terminal.of(spec), basics -> start(basics, addresses, directory, names));
    }

    private static Mono<String> start(
            Basics basics, Endpoints.Addresses addresses, Path directory, List<String> names) {
        RegistryPart registry = RegistryPart.open(basics, directory);
        OwnRegistry own = new OwnRegistry(registry.registry(), Basics.SELF, names);
        return own.prepare()
                .then(Mono.fromCallable(() -> new Endpoints(basics, addresses, registry.services()))
                        .subscribeOn(basics.startup()))
                .flatMap(endpoints -> own.countRepos().map(repos -> endpoints.ready("repos=" + repos)));
    }
}
