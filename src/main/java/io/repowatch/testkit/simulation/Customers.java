package io.repowatch.testkit.simulation;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.RepoState;
import io.repowatch.registry.Registry;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsI;
import io.repowatch.wire.nogfso.EnableGitlabRepoI;
import io.repowatch.wire.nogfso.EnableGitlabRootI;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRootI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** Those who ask for something: each request is repeated, as it was, until the registry answers. */
final class Customers {
    static final Principal PRINCIPAL = new Principal("customer");

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int MOST_REPOS = 5;

    private final World world;
    private final Disposable.Composite requests = Disposables.composite();
    private final List<UUID> repos = new ArrayList<>();
    private final WorkflowCustomers workflows;
    private int open;

    Customers(World world) {
        this.world = world;
        this.workflows = new WorkflowCustomers(world, this);
    }

    /** How many requests have no answer yet. */
    int open() {
        return open;
    }

    /** Makes the registry and its roots. */
    void prepare() {
        request(
                "init registry",
                registry -> registry.initRegistry(
                        PRINCIPAL,
                        InitRegistryI.newBuilder().setRegistry(World.REGISTRY).build()),
                this::prepareRoots);
    }

    private void prepareRoots() {
        request(
                "enable workflows",
                registry -> registry.enableEphemeralWorkflows(
                        PRINCIPAL,
                        EnableEphemeralWorkflowsI.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .build()),
                () -> {});
        for (ObserverProcess observer : world.observers) {
            request(
                    "init root " + observer.prefix(),
                    registry -> registry.initRoot(
                            PRINCIPAL,
                            InitRootI.newBuilder()
                                    .setRegistry(World.REGISTRY)
                                    .setGlobalRoot(observer.prefix())
                                    .setHost(observer.host().name())
                                    .setHostRoot("/srv" + observer.prefix())
                                    .build()),
                    () -> maybeGitlab(observer));
        }
    }

    private void maybeGitlab(ObserverProcess observer) {
        if (world.dice.oneIn(3)) {
            request(
                    "enable GitLab of " + observer.prefix(),
                    registry -> registry.enableGitlabRoot(
                            PRINCIPAL,
                            EnableGitlabRootI.newBuilder()
                                    .setRegistry(World.REGISTRY)
                                    .setGlobalRoot(observer.prefix())
                                    .setGitlabNamespace("gitlab/data")
                                    .build()),
                    () -> {});
        }
    }

    /** Asks for something by chance. */
    void act() {
        if (repos.size() < 2 || (repos.size() < MOST_REPOS && world.dice.oneIn(3))) {
            initRepo();
            return;
        }
        RepoState repo = world.truth.repo(world.dice.pick(repos));
        if (repo == null) {
            return;
        }
        switch (world.dice.below(15)) {
            case 0 -> enableGitlab(repo);
            case 1, 2, 3, 4 -> workflows.moveRepo(repo);
            case 5 -> workflows.moveInPlace(repo);
            case 6 -> workflows.moveShadow(repo);
            case 7, 8 -> workflows.freeze(repo);
            case 9, 10 -> workflows.unfreeze(repo);
            case 11 -> workflows.abort();
            case 12 -> workflows.ping();
            default -> clearError(repo);
        }
    }

    /** The workflows among what is asked for. */
    WorkflowCustomers workflows() {
        return workflows;
    }

    private void initRepo() {
        ObserverProcess observer = world.dice.pick(world.observers);
        UUID repo = world.dice.uuid();
        String path = observer.prefix() + "/p" + repos.size();
        world.trace.name(repo, "r" + repos.size());
        repos.add(repo);
        observer.host().data.put("/srv" + path, new StorageHost.Data(repo));
        request(
                "init " + path,
                registry -> registry.initRepo(
                        PRINCIPAL,
                        InitRepoI.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .setGlobalPath(path)
                                .setRepoId(bytes(repo))
                                .setCreatorName("A")
                                .setCreatorEmail("a@example.org")
                                .build()),
                () -> {});
    }

    private void clearError(RepoState repo) {
        if (!repo.hasError()) {
            return;
        }
        request(
                "clear error of " + world.trace.name(repo.id()),
                registry -> registry.clearRepoError(
                        PRINCIPAL,
                        ClearRepoErrorI.newBuilder()
                                .setRepo(bytes(repo.id()))
                                .setErrorMessage(repo.error())
                                .build()),
                () -> {});
    }

    private void enableGitlab(RepoState repo) {
        request(
                "enable GitLab of " + world.trace.name(repo.id()),
                registry -> registry.enableGitlabRepo(
                        PRINCIPAL,
                        EnableGitlabRepoI.newBuilder()
                                .setRegistry(World.REGISTRY)
                                .setRepo(bytes(repo.id()))
                                .setGitlabNamespace("gitlab/data")
                                .build()),
                () -> {});
    }

    static ByteString bytes(UUID id) {
        return ByteString.copyFrom(EntityIds.toBytes(id));
    }

    /** Sends a request until it is answered; goes on only if it was accepted. */
    void request(String what, Function<Registry, Mono<?>> command, Runnable accepted) {
        open++;
        world.trace.add("customer", what);
        attempt(what, command, accepted);
    }

    private void attempt(String what, Function<Registry, Mono<?>> command, Runnable accepted) {
        Mono<Boolean> answer = world.network.call(
                world.outside, server -> command.apply(server.registry).thenReturn(true));
        requests.add(answer.subscribe(
                done -> {
                    open--;
                    world.trace.add("customer", what + ": accepted");
                    accepted.run();
                },
                error -> {
                    if (error instanceof CommandRejectedException refused) {
                        open--;
                        world.trace.add("customer", what + ": refused, " + refused.getMessage());
                    } else {
                        world.outside.after(world.dice.upTo(LONGEST_PAUSE), () -> attempt(what, command, accepted));
                    }
                }));
    }
}
