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
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the service asks of its own registries: the roots it was started with, and the repos it tracks. */
final class OwnRegistry {
    private final Registry registry;
    private final Principal self;
    private final ServeConfig config;

    OwnRegistry(Registry registry, Principal self, ServeConfig config) {
        this.registry = registry;
        this.self = self;
        this.config = config;
    }

    /**
     * Makes the registries and roots that are missing. Fails with a {@link Failure} if a root is there already and maps to
     * another directory, before anything is made for it.
     */
    Mono<Void> prepare() {
        return Flux.fromIterable(config.registries())
                .concatMap(name -> registry.initRegistry(
                        self, InitRegistryI.newBuilder().setRegistry(name).build()))
                .then(roots())
                .flatMapIterable(GetRootsO::getRootsList)
                .collectMap(RootInfo::getGlobalRoot, RootInfo::getHostRoot)
                .flatMapMany(known -> Flux.fromIterable(config.roots().entrySet())
                        .concatMap(root -> prepare(root.getKey(), root.getValue(), known)))
                .then()
                .onErrorMap(CommandRejectedException.class, e -> Failure.refused(String.valueOf(e.getMessage()), e));
    }

    private Mono<GetRootsO> roots() {
        return registry.getRoots(
                self, GetRootsI.newBuilder().setRegistry(mainName()).build());
    }

    private Mono<Void> prepare(GlobalPath root, Path directory, Map<String, String> known) {
        String mapped = known.get(root.value());
        if (mapped == null) {
            InitRootI request = InitRootI.newBuilder()
                    .setRegistry(mainName())
                    .setGlobalRoot(root.toString())
                    .setHost(config.hosts().get(0))
                    .setHostRoot(directory.toString())
                    .build();
            return registry.initRoot(self, request).then();
        }
        if (!mapped.equals(directory.toString())) {
            return Mono.error(Failure.refused("the root " + root + " in the data directory " + config.data()
                    + " maps to "
                    + mapped + ", not to " + directory + "; serve that directory, or choose another data directory with"
                    + " --data"));
        }
        return Mono.empty();
    }

    /** Makes the repo of a path; completes also if it exists. */
    Mono<Void> makeRepo(GlobalPath path) {
        InitRepoI request = InitRepoI.newBuilder()
                .setRegistry(mainName())
                .setGlobalPath(path.toString())
                .setCreatorName(config.author().name())
                .setCreatorEmail(config.author().email())
                .build();
        return registry.initRepo(self, request)
                .onErrorResume(
                        CommandRejectedException.class,
                        e -> e.code().equals("ALREADY_EXISTS") ? Mono.empty() : Mono.error(e))
                .then();
    }

    /** The paths of all repos of the registry that tracked ones go to. */
    Flux<GlobalPath> paths() {
        return registry.getRepos(
                        self, GetReposI.newBuilder().setRegistry(mainName()).build())
                .flatMapIterable(reply -> reply.getReposList())
                .map(repo -> GlobalPath.parse(repo.getGlobalPath()));
    }

    /** The number of repos in all registries of this service. */
    Mono<Long> countRepos() {
        return Flux.fromIterable(config.registries())
                .concatMap(name ->
                        registry.info(self, InfoI.newBuilder().setRegistry(name).build()))
                .map(InfoO::getNumRepos)
                .reduce(0L, Long::sum);
    }

    private String mainName() {
        return config.registries().get(0);
    }
}
