package io.repowatch.service;

import io.grpc.BindableService;
import io.repowatch.engine.EngineListener;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Vid;
import io.repowatch.observer.Observation;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoStatus.State;
import io.repowatch.storage.PeriodicStat;
import io.repowatch.storage.ProgressListener;
import io.repowatch.storage.RepoTable;
import io.repowatch.storage.ShadowInitializer;
import io.repowatch.storage.StorageConfig;
import io.repowatch.storage.StorageProcessor;
import io.repowatch.storage.StorageServices;
import io.repowatch.wire.nogfso.GetRepoO;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** An observer with real storage behind it, and the services of its repos. */
final class ObserverPart {
    private static final Logger LOG = LoggerFactory.getLogger(ObserverPart.class);
    private static final long SAID_EVERY = 100_000;
    private static final ProgressListener WALKED = ObserverPart::walked;
    private static final Duration GRACE = Duration.ofSeconds(4);
    private static final Duration TOTAL_GRACE = Duration.ofSeconds(6);

    private final Basics basics;
    private final Settings settings;
    private final RegistryCommands commands;
    private final StorageConfig storageConfig;
    private final Scheduler storage;
    private final RepoTable table = new RepoTable();
    private final Set<String> loaded = ConcurrentHashMap.newKeySet();
    private final Observer observer;

    /**
     * What it serves.
     *
     * @param registries the registries it watches
     * @param prefixes which global paths are its own
     * @param hosts the names of this host
     * @param shadowRoot where shadow repos are made
     * @param otherShadowRoots where else shadow repos may be
     * @param move who moves directories
     * @param statInterval how often every repo is looked at for changes, null for never
     * @param repoReads how many repos are read at once
     */
    record Settings(
            List<String> registries,
            List<String> prefixes,
            List<String> hosts,
            Path shadowRoot,
            List<Path> otherShadowRoots,
            StorageConfig.Move move,
            @Nullable Duration statInterval,
            int repoReads) {}

    /** Nothing runs before {@link #watch}. */
    ObserverPart(Basics basics, Settings settings, EventSource source, RegistryCommands commands) {
        this.basics = basics;
        this.settings = settings;
        this.commands = commands;
        this.storage = basics.lifecycle().blocking(Basics.cores(), "repowatch-storage");
        StorageConfig.Builder config =
                StorageConfig.builder(settings.shadowRoot()).move(settings.move());
        settings.hosts().forEach(config::host);
        config.shadowRootAlt(settings.otherShadowRoots());
        this.storageConfig = config.build();
        this.observer = observer(source);
        basics.metrics().show(observer);
    }

    private Observer observer(EventSource source) {
        Metrics metrics = basics.metrics();
        ObserverConfig.Builder config = ObserveOptions.config(
                        settings.registries(), settings.prefixes(), settings.hosts())
                .repoReads(settings.repoReads());
        ShadowInitializer initializer = new ShadowInitializer(
                commands, storageConfig, table, storage, basics.timer(), basics.clock(), basics.random(), WALKED);
        return Observer.builder(config.build())
                .source(metrics.metered(source))
                .commands(commands)
                .initializer(metrics.metered(initializer))
                .processor(metrics.metered(new StorageProcessor(table, storageConfig, storage, basics.clock(), WALKED)))
                .callbacks(basics.callbacks())
                .timer(basics.timer())
                .clock(basics.clock())
                .random(basics.random())
                .listener(new Reports(metrics.listener(basics.clock())))
                .build();
    }

    List<BindableService> services() {
        Disposable.Composite background = Disposables.composite();
        basics.lifecycle().onClose(background::dispose);
        List<BindableService> services = new ArrayList<>(StorageServices.of(
                table, storageConfig, Basics.AUTHORIZER, Basics.CALLER, storage, basics.clock(), WALKED, background));
        services.add(new StatusService(observer, this::path, this::authorizeStatus));
        return services;
    }

    private Mono<String> path(UUID repo) {
        return commands.getRepo(repo).map(GetRepoO::getGlobalPath).onErrorResume(e -> Mono.empty());
    }

    private void authorizeStatus() {
        Basics.AUTHORIZER.check(
                Basics.CALLER.get(),
                "fso/read-registry",
                AccessScope.name(settings.registries().get(0)));
    }

    /** Runs the observer until the process ends. */
    void watch() {
        Lifecycle lifecycle = basics.lifecycle();
        Disposable watching = observer.watch().subscribe(this::log, lifecycle::failed, this::unexpectedEnd);
        statPeriodically();
        lifecycle.onClose(() -> {
            Main.await(observer.stop(GRACE).timeout(TOTAL_GRACE, Mono.empty(), basics.timer()));
            watching.dispose();
        });
    }

    /** Looks for changes in the repos now and then, if that is wanted, until the process ends. */
    private void statPeriodically() {
        Duration interval = settings.statInterval();
        if (interval == null) {
            return;
        }
        PeriodicStat stats = new PeriodicStat(
                table,
                storageConfig,
                interval,
                storageConfig.committer(),
                // One thread stays free for requests and new repos.
                Math.max(1, Basics.cores() - 1),
                storage,
                basics.timer(),
                basics.clock(),
                basics.random(),
                WALKED,
                basics.metrics().periodicStats());
        Lifecycle lifecycle = basics.lifecycle();
        Disposable running = stats.run().subscribe(nothing -> {}, lifecycle::failed);
        lifecycle.onClose(running::dispose);
    }

    /** How many repos are settled: enabled, with a stored error, or waiting for something outside. */
    long settled() {
        Map<State, Long> counts = observer.counts();
        return counts.getOrDefault(State.ENABLED, 0L)
                + counts.getOrDefault(State.ERROR, 0L)
                + counts.getOrDefault(State.WAITING, 0L);
    }

    /** How many repos it follows; empty before all registries have been read. */
    Mono<Long> followed() {
        return Mono.defer(() -> {
            if (!loaded.containsAll(settings.registries())) {
                return Mono.empty();
            }
            return Mono.just((long) observer.followed());
        });
    }

    private void log(Observation observation) {
        if (observation instanceof Observation.ErrorStored stored) {
            LOG.warn("stored on {}: {}", stored.repo(), Terminal.printable(stored.text()));
        } else if (observation instanceof Observation.Lagged || observation instanceof Observation.Malformed) {
            LOG.warn("{}", observation);
        } else if (observation instanceof Observation.WorkflowEnded ended) {
            LOG.info("{} of workflow {} is over{}", ended.part(), ended.workflow(), ended.aborted() ? ", aborted" : "");
        } else {
            LOG.debug("{}", observation);
        }
    }

    // The walk reports every thousand entries or so; operators hear of the large ones now and then.
    private static void walked(UUID repo, long entries, long bytes) {
        if (entries >= SAID_EVERY && entries % SAID_EVERY < SAID_EVERY / 100) {
            LOG.info("{}: {} entries with {} bytes so far", repo, entries, bytes);
        }
    }

    private void unexpectedEnd() {
        Lifecycle lifecycle = basics.lifecycle();
        if (!lifecycle.isClosed()) {
            lifecycle.failed(new IllegalStateException("the observer ended by itself"));
        }
    }

    /** Notes which registries have been read, and passes the rest on. */
    private final class Reports implements EngineListener {
        private final EngineListener meters;

        Reports(EngineListener meters) {
            this.meters = meters;
        }

        @Override
        public void quiesced(StreamKey<?> key) {
            if (key instanceof RegistryKey registry) {
                loaded.add(registry.registry());
            }
        }

        @Override
        public void handled(StreamKey<?> key, Vid event) {
            meters.handled(key, event);
        }

        @Override
        public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
            meters.retry(key, error, delay, attempt);
        }

        @Override
        public void restarted(StreamKey<?> key, String why) {
            meters.restarted(key, why);
        }
    }
}
