package io.repowatch.service;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.registry.Registry;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.GetRootsO;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InfoO;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.RootInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the service asks of its own registries: the roots it was started with, and the repos it tracks. */
final class OwnRegistry {
    private final Registry registry;
    private final Principal self;
    private final List<String> names;

    /** @param names the registries, of which the first gets the roots and the tracked repos */
    OwnRegistry(Registry registry, Principal self, List<String> names) {
        this.registry = registry;
        this.self = self;
        this.names = names;
    }

    /** Makes the registries that are missing. */
    Mono<Void> prepare() {
        return Flux.fromIterable(names)
                .concatMap(name -> registry.initRegistry(
                        self, InitRegistryI.newBuilder().setRegistry(name).build()))
                .then()
                .onErrorMap(CommandRejectedException.class, OwnRegistry::failure);
    }

    private static Failure failure(CommandRejectedException e) {
        return Failure.refused(String.valueOf(e.getMessage()), e);
    }

    /**
     * Makes the roots that are missing. Fails with a {@link Failure} if a root is there already and maps to another directory
     * or host, before any root is made.
     */
    Mono<Void> prepareRoots(ServeConfig config) {
        return roots().flatMapIterable(GetRootsO::getRootsList)
                .collectMap(RootInfo::getGlobalRoot)
                .flatMap(known -> Flux.fromIterable(config.roots().entrySet())
                        .filter(root ->
                                isMissing(config, root, known.get(root.getKey().value())))
                        .collectList())
                .flatMapIterable(missing -> missing)
                .concatMap(root -> make(config.hosts().get(0), root.getKey(), root.getValue()))
                .then()
                .onErrorMap(CommandRejectedException.class, OwnRegistry::failure);
    }

    private Mono<GetRootsO> roots() {
        return registry.getRoots(
                self, GetRootsI.newBuilder().setRegistry(mainName()).build());
    }

    private static boolean isMissing(ServeConfig config, Map.Entry<GlobalPath, Path> root, @Nullable RootInfo known) {
        if (known == null) {
            return true;
        }
        if (!known.getHostRoot().equals(root.getValue().toString())) {
            throw Failure.refused("the root " + root.getKey() + " in the data directory " + config.data() + " maps to "
                    + known.getHostRoot() + ", not to " + root.getValue()
                    + "; serve that directory, or choose another data directory with --data");
        }
        if (!config.hosts().contains(known.getHost())) {
            throw Failure.refused(
                    "the root " + root.getKey() + " in the data directory " + config.data() + " is on host "
                            + known.getHost() + ", and this host is " + String.join(", ", config.hosts())
                            + "; name it with --host "
                            + known.getHost() + ", or choose another data directory with --data");
        }
        return false;
    }

    private Mono<Void> make(String host, GlobalPath root, Path directory) {
        InitRootI request = InitRootI.newBuilder()
                .setRegistry(mainName())
                .setGlobalRoot(root.toString())
                .setHost(host)
                .setHostRoot(directory.toString())
                .build();
        return registry.initRoot(self, request).then();
    }

    /** Makes the repo of a path; completes also if it exists. */
    Mono<Void> makeRepo(GlobalPath path, Author author) {
        InitRepoI request = InitRepoI.newBuilder()
                .setRegistry(mainName())
                .setGlobalPath(path.toString())
                .setCreatorName(author.name())
                .setCreatorEmail(author.email())
                .build();
        return registry.initRepo(self, request)
                .onErrorResume(
                        CommandRejectedException.class,
                        e -> e.code().equals("ALREADY_EXISTS") ? Mono.empty() : Mono.error(e))
                .then();
    }

    /** The paths of all repos of the registry that tracked ones go to. */
    Flux<GlobalPath> paths() {
        return registry.listRepos(
                        self, GetReposI.newBuilder().setRegistry(mainName()).build())
                .flatMapIterable(reply -> reply.getReposList())
                .map(repo -> GlobalPath.parse(repo.getGlobalPath()));
    }

    /** The number of repos in all registries of this service. */
    Mono<Long> countRepos() {
        return Flux.fromIterable(names)
                .concatMap(name ->
                        registry.info(self, InfoI.newBuilder().setRegistry(name).build()))
                .map(InfoO::getNumRepos)
                .reduce(0L, Long::sum);
    }

    private String mainName() {
        return names.get(0);
    }
}
