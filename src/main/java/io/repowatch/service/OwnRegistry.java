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
import org.jspecify.annotations.Nullable;
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
     * another directory or host, before any root is made.
     */
    Mono<Void> prepare() {
        return Flux.fromIterable(config.registries())
                .concatMap(name -> registry.initRegistry(
                        self, InitRegistryI.newBuilder().setRegistry(name).build()))
                .then(roots())
                .flatMapIterable(GetRootsO::getRootsList)
                .collectMap(RootInfo::getGlobalRoot)
                .flatMap(known -> Flux.fromIterable(config.roots().entrySet())
                        .filter(root -> isMissing(root, known.get(root.getKey().value())))
                        .collectList())
                .flatMapIterable(missing -> missing)
                .concatMap(root -> make(root.getKey(), root.getValue()))
                .then()
                .onErrorMap(CommandRejectedException.class, e -> Failure.refused(String.valueOf(e.getMessage()), e));
    }

    private Mono<GetRootsO> roots() {
        return registry.getRoots(
                self, GetRootsI.newBuilder().setRegistry(mainName()).build());
    }

    private boolean isMissing(Map.Entry<GlobalPath, Path> root, @Nullable RootInfo known) {
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

    private Mono<Void> make(GlobalPath root, Path directory) {
        InitRootI request = InitRootI.newBuilder()
                .setRegistry(mainName())
                .setGlobalRoot(root.toString())
                .setHost(config.hosts().get(0))
                .setHostRoot(directory.toString())
                .build();
        return registry.initRoot(self, request).then();
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
