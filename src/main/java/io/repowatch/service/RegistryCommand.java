package io.repowatch.service;

import io.repowatch.registry.MoveAccept;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    RegistryOptions registry = new RegistryOptions();

    @Mixin
    ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logs.configure(server.log);
        Endpoints.Addresses addresses = server.addresses(registry.grpc);
        List<String> names = ServeConfig.names("--registry", registry.registries);
        Path directory = ServeConfig.realData(registry.data);
        return ServerRun.run(
                Terminal.of(spec),
                basics -> start(basics, addresses, directory, names, registry.moveAccept(MoveAccept.MANUAL)));
    }

    private static Mono<String> start(
            Basics basics, Endpoints.Addresses addresses, Path directory, List<String> names, MoveAccept moveAccept) {
        RegistryPart registry = RegistryPart.open(basics, directory, moveAccept);
        OwnRegistry own = new OwnRegistry(registry.registry(), Basics.SELF, names);
        return own.prepare()
                .then(Mono.fromCallable(() -> new Endpoints(basics, addresses, registry.services()))
                        .subscribeOn(basics.startup()))
                .flatMap(endpoints -> own.countRepos().map(repos -> endpoints.ready("repos=" + repos)));
    }
}
