package io.repowatch.service;

import io.grpc.BindableService;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.registry.InProcessCommands;
import io.repowatch.registry.JournalEventSource;
import java.util.ArrayList;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Registry, observer and storage in one process. Observer and storage talk to the registry by method calls; the socket is
 * for others.
 */
final class ServeRun {
    /** Enough to keep the journal's few threads busy: reads in the same process share no messages. */
    private static final int REPO_READS = 10;

    private final ServeConfig config;
    private final Progress progress;

    ServeRun(ServeConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * Starts everything, and emits when gRPC serves, the first tracking pass is over, and every repo is settled. Subscribe on
     * a thread that may block.
     */
    Mono<String> start(Basics basics) {
        RegistryPart registry = RegistryPart.open(basics, config.data(), config.moveAccept());
        OwnRegistry own = new OwnRegistry(registry.registry(), Basics.SELF, config.registries());
        RegistryCommands commands = new InProcessCommands(registry.registry(), Basics.SELF);
        ObserverPart observer = new ObserverPart(
                basics,
                new ObserverPart.Settings(
                        config.registries(),
                        List.of("/"),
                        config.hosts(),
                        config.data().resolve("shadow"),
                        config.otherShadowRoots(),
                        config.move(),
                        config.statInterval(),
                        REPO_READS),
                new JournalEventSource(registry.journal()),
                commands);
        Tracker tracker = new Tracker(
                config,
                path -> own.makeRepo(path, config.author()),
                basics.lifecycle().blocking(1, "repowatch-track"),
                basics.timer());
        return own.prepare()
                .then(own.prepareRoots(config))
                .then(Mono.fromCallable(() -> listen(basics, registry, observer))
                        .subscribeOn(basics.startup()))
                .doOnNext(endpoints -> observer.watch())
                .flatMap(endpoints -> own.paths()
                        .doOnNext(tracker::addKnown)
                        .then(Mono.defer(() -> firstPass(basics.lifecycle(), tracker))
                                .subscribeOn(basics.startup()))
                        .then(new InitialLoad(own.countRepos(), observer, progress, endpoints, basics.timer()).done())
                        .map(repos -> endpoints.ready("repos=" + repos)));
    }

    private Endpoints listen(Basics basics, RegistryPart registry, ObserverPart observer) {
        List<BindableService> services = new ArrayList<>(registry.services());
        services.addAll(observer.services());
        return new Endpoints(basics, config.addresses(), services);
    }

    // Runs the tracker, and completes when its first pass is over.
    private static Mono<Void> firstPass(Lifecycle lifecycle, Tracker tracker) {
        Mono<Boolean> firstPass = Mono.create(sink -> {
            Disposable tracking = tracker.passes().subscribe(sink::success, lifecycle::failed);
            lifecycle.onClose(tracking::dispose);
        });
        return firstPass.then();
    }
}
