package io.repowatch.service;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Principal;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.JournalException;
import io.repowatch.observer.Observation;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.registry.InProcessCommands;
import io.repowatch.registry.JournalEventSource;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import io.repowatch.registry.RegistryServices;
import io.repowatch.storage.ProgressListener;
import io.repowatch.storage.RepoTable;
import io.repowatch.storage.ShadowInitializer;
import io.repowatch.storage.StorageConfig;
import io.repowatch.storage.StorageServices;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Registry, observer and storage in one process, wired and running. Observer and storage talk to the registry by method
 * calls; the socket is for others. What was started is stopped by {@link #close}, newest first.
 */
final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final Principal SELF = new Principal("repowatch");
    // Everything listens on loopback in this version, where whoever can connect may do everything.
    private static final Supplier<Principal> CALLER = () -> Principal.ANONYMOUS;
    private static final Authorizer AUTHORIZER = Authorizer.ALLOW_ALL;
    private static final long SAID_EVERY = 100_000;
    private static final ProgressListener WALKED = Service::walked;
    private static final Duration OBSERVER_GRACE = Duration.ofSeconds(4);
    private static final Duration TOTAL_GRACE = Duration.ofSeconds(6);
    private static final Duration GRPC_GRACE = Duration.ofMillis(500);

    private final ServeConfig config;
    private final RandomGenerator random = new SecureRandom();
    private final InstantSource clock = InstantSource.system();
    private final Deque<Runnable> stops = new ArrayDeque<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Scheduler timer = owned(Schedulers.newSingle("repowatch-timer", true));
    private final Scheduler callbacks = owned(Schedulers.newParallel("repowatch-callbacks", cores(), true));
    private final Scheduler storage = owned(bounded(cores(), "repowatch-storage"));
    private final Scheduler startup = owned(bounded(1, "repowatch-start"));
    private volatile boolean closed;

    Service(ServeConfig config) {
        this.config = config;
    }

    /** What is known once the service is ready. */
    record Ready(String address, long repos) {}

    /**
     * Starts everything, once subscribed, and emits when the service is ready: gRPC serves, the first tracking pass is over,
     * and every repo is enabled or has a stored error. Empty if it is closed first. Fails with a {@link Failure} if it cannot
     * start or breaks meanwhile.
     */
    Mono<Ready> start(Progress progress) {
        Mono<Ready> ended = Mono.fromFuture(end, true).then(Mono.empty());
        return Mono.firstWithSignal(startAll(progress), ended)
                .onErrorMap(e -> !(e instanceof Failure), e -> Failure.refused("the service cannot go on: " + e, e));
    }

    // On a Scheduler of its own: opening the journal and the socket blocks.
    private Mono<Ready> startAll(Progress progress) {
        return Mono.defer(() -> {
                    EmbeddedJournal journal = openJournal();
                    Registry registry = Registry.open(
                            journal,
                            RegistryConfig.builder(callbacks, random)
                                    .clock(clock)
                                    .authorizer(AUTHORIZER)
                                    .build());
                    onClose(registry::close);
                    OwnRegistry own = new OwnRegistry(registry, SELF, config);
                    RepoTable table = new RepoTable();
                    Observer observer = observer(registry, journal, table);
                    Tracker tracker = new Tracker(config, own::makeRepo, owned(bounded(1, "repowatch-track")), timer);
                    return own.prepare()
                            .then(Mono.fromCallable(() -> listen(registry, observer, table))
                                    .subscribeOn(startup))
                            .flatMap(address -> own.paths()
                                    .doOnNext(tracker::addKnown)
                                    .then(Mono.defer(() -> run(observer, tracker))
                                            .subscribeOn(startup))
                                    .then(new InitialLoad(own, observer, progress, timer).done())
                                    .map(repos -> new Ready(address, repos)));
                })
                .subscribeOn(startup);
    }

    private EmbeddedJournal openJournal() {
        try {
            EmbeddedJournal journal = EmbeddedJournal.open(
                    config.data().resolve("journal"),
                    EmbeddedConfig.builder(owned(bounded(4, "repowatch-journal-reads")))
                            .build());
            onClose(journal::close);
            return journal;
        } catch (JournalException e) {
            throw Failure.refused(String.valueOf(e.getMessage()), e);
        }
    }

    private StorageConfig storageConfig() {
        StorageConfig.Builder builder = StorageConfig.builder(config.data().resolve("shadow"));
        config.hosts().forEach(builder::host);
        return builder.build();
    }

    private Observer observer(Registry registry, EmbeddedJournal journal, RepoTable table) {
        InProcessCommands commands = new InProcessCommands(registry, SELF);
        return Observer.builder(ObserverConfig.builder()
                        .registries(config.registries())
                        .prefix("/")
                        .hosts(config.hosts())
                        .build())
                .source(new JournalEventSource(journal))
                .commands(commands)
                .initializer(new ShadowInitializer(commands, storageConfig(), table, storage, clock, random, WALKED))
                .processor(table)
                .callbacks(callbacks)
                .timer(timer)
                .clock(clock)
                .random(random)
                .build();
    }

    private String listen(Registry registry, Observer observer, RepoTable table) {
        Disposable.Composite background = Disposables.composite();
        onClose(background::dispose);
        NettyServerBuilder builder = RegistryServices.configure(NettyServerBuilder.forAddress(config.grpc()));
        RegistryServices.of(registry, CALLER).forEach(builder::addService);
        for (BindableService each :
                StorageServices.of(table, storageConfig(), AUTHORIZER, CALLER, storage, clock, WALKED, background)) {
            builder.addService(each);
        }
        builder.addService(new StatusService(
                observer,
                repo -> path(registry, repo),
                () -> AUTHORIZER.check(
                        CALLER.get(),
                        "fso/read-registry",
                        AccessScope.name(config.registries().get(0)))));
        try {
            Server server = builder.build().start();
            onClose(() -> stop(server));
            return text(new InetSocketAddress(config.grpc().getAddress(), server.getPort()));
        } catch (IOException e) {
            throw Failure.refused(
                    "cannot listen on " + text(config.grpc()) + " (" + reason(e)
                            + "); stop what listens there, or choose another address with --grpc",
                    e);
        }
    }

    private static Mono<String> path(Registry registry, UUID repo) {
        return registry.getRepo(
                        SELF,
                        GetRepoI.newBuilder().setRepo(WireText.bytes(repo)).build())
                .map(GetRepoO::getGlobalPath)
                .onErrorResume(e -> Mono.empty());
    }

    // Runs the observer and the tracker, and completes when the first tracking pass is over.
    private Mono<Void> run(Observer observer, Tracker tracker) {
        Disposable watching = observer.watch().subscribe(this::log, this::failed, this::unexpectedEnd);
        onClose(() -> {
            Main.await(observer.stop(OBSERVER_GRACE).timeout(TOTAL_GRACE, Mono.empty(), timer));
            watching.dispose();
        });
        Mono<Boolean> firstPass = Mono.create(sink -> {
            Disposable tracking = tracker.passes().subscribe(sink::success, this::failed);
            onClose(tracking::dispose);
        });
        return firstPass.then();
    }

    private void log(Observation observation) {
        if (observation instanceof Observation.ErrorStored stored) {
            LOG.warn("stored on {}: {}", stored.repo(), Terminal.printable(stored.text()));
        } else if (observation instanceof Observation.Lagged || observation instanceof Observation.Malformed) {
            LOG.warn("{}", observation);
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

    private void failed(Throwable e) {
        LOG.error("the service cannot go on", e);
        end.completeExceptionally(e);
    }

    private void unexpectedEnd() {
        if (!closed) {
            failed(new IllegalStateException("the observer ended by itself"));
        }
    }

    /** Waits until the service is closed. Fails with a {@link Failure} if it broke. */
    void awaitEnd() throws InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            throw Failure.refused("the service cannot go on: " + e.getCause(), e);
        }
    }

    /** Stops everything, within 10 s; idempotent. */
    @Override
    public void close() {
        for (Runnable stop : takeStops()) {
            try {
                stop.run();
            } catch (RuntimeException e) {
                LOG.warn("while stopping: {}", e.toString());
            }
        }
        end.complete(null);
    }

    private synchronized List<Runnable> takeStops() {
        closed = true;
        List<Runnable> all = List.copyOf(stops);
        stops.clear();
        return all;
    }

    // What is started last is stopped first. Closed meanwhile, it is stopped at once.
    private void onClose(Runnable stop) {
        if (!push(stop)) {
            stop.run();
        }
    }

    private synchronized boolean push(Runnable stop) {
        if (!closed) {
            stops.push(stop);
        }
        return !closed;
    }

    private Scheduler owned(Scheduler scheduler) {
        onClose(scheduler::dispose);
        return scheduler;
    }

    private static Scheduler bounded(int threads, String name) {
        return Schedulers.newBoundedElastic(threads, Integer.MAX_VALUE, name, 60, true);
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    // Streams that watch never end by themselves; the others get a moment.
    private static void stop(Server server) {
        server.shutdown();
        try {
            if (!server.awaitTermination(GRPC_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GRPC_GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static String text(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
    }

    private static String reason(IOException e) {
        Throwable cause = e.getCause() != null ? e.getCause() : e;
        return String.valueOf(cause.getMessage());
    }
}
