package io.repowatch.testkit;

import io.repowatch.observer.Initializer;
import io.repowatch.observer.Observation;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One observer with a scripted registry and recording ports in virtual time: given a history, when events come, then exactly
 * these calls. Everything runs on the caller's thread, in {@link #start}, {@link #when}, {@link #then} and {@link #advance}.
 * Not thread-safe; close it at the end.
 */
public final class Scenario implements AutoCloseable {

    /** The name of the registry of the scripts. */
    public static final String REGISTRY = "reg";

    /** The storage host of the scripts. */
    public static final String HOST = "host1";

    /** How much virtual time {@link #then} lets pass: enough for all retries of an operation. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final VirtualTimeScheduler time;
    private final InstantSource clock;
    private final PortLog ports;
    private final ScriptedRegistry registry;
    private final boolean guest;
    private final Set<UUID> frozen = ConcurrentHashMap.newKeySet();
    private final Map<UUID, String> names = new HashMap<>();
    private final Builder setup;
    private final List<Observation> observations = new ArrayList<>();
    private RecordingProcessor processor;
    private Observer observer;
    private @Nullable Disposable watching;
    private @Nullable Throwable failure;
    private boolean completed;
    private int seen;
    private long lastId;

    private Scenario(Builder setup, @Nullable Scenario host) {
        this.setup = setup;
        this.guest = host != null;
        this.time = host != null ? host.time : VirtualTimeScheduler.create();
        this.clock = host != null ? host.clock : () -> BEGIN.plusMillis(time.now(TimeUnit.MILLISECONDS));
        this.ports = host != null ? host.ports : new PortLog();
        this.registry = host != null ? host.registry : new ScriptedRegistry(ports, clock);
        processor = new RecordingProcessor(ports, setup.processor, frozen);
        observer = newObserver();
    }

    /** A scenario of an observer with these prefixes and all other defaults. */
    public static Scenario own(String... prefixes) {
        return builder().config(config -> config.prefixes(List.of(prefixes))).build();
    }

    /** Starts with an observer of the registry {@link #REGISTRY} and ports that do nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Another observer, with these prefixes, that knows nothing of this one but the registry. It shares time and the record of
     * calls; its processor is its own. Close it before this one.
     */
    public Scenario peer(String... prefixes) {
        return new Scenario(builder().config(config -> config.prefixes(List.of(prefixes))), this);
    }

    private Observer newObserver() {
        return setup.observer
                .apply(Observer.builder(setup.config.build()))
                .source(registry)
                .commands(registry)
                .initializer(new RecordingInitializer(ports, setup.initializer.apply(registry)))
                .processor(processor)
                .callbacks(time)
                .timer(time)
                .clock(clock)
                .random(new SplittableRandom(setup.seed))
                .build();
    }

    // Given

    /** A new repo; only the script makes it known to the registry. */
    public ScriptedRepo repo(String globalPath) {
        return repo(globalPath, HOST);
    }

    /** A new repo on this host; only the script makes it known to the registry. */
    public ScriptedRepo repo(String globalPath, String host) {
        ScriptedRepo repo = new ScriptedRepo(newId(), REGISTRY, globalPath, host);
        names.put(repo.id(), globalPath);
        return repo;
    }

    /** The id of a new workflow. */
    public UUID workflow() {
        return newId();
    }

    private UUID newId() {
        lastId++;
        return new UUID(0x7e57_0000_0000_4000L, 0x8000_0000_0000_0000L | lastId);
    }

    /** Appends events without signals: history. */
    public Scenario given(Change<?>... changes) {
        registry.signals(ScriptedRegistry.Signals.LOSE);
        for (Change<?> change : changes) {
            registry.append(change);
        }
        registry.signals(ScriptedRegistry.Signals.DELIVER);
        return this;
    }

    // When

    /** Starts the observer and records what it says. */
    public Scenario start() {
        // As a task of the scheduler, as every other entry: what it sets off then runs after it and not inside.
        time.schedule(() -> watching =
                observer.watch().subscribe(observations::add, error -> failure = error, () -> completed = true));
        return this;
    }

    /**
     * Starts the observer when subscribed; in place of {@link #start} where a {@code StepVerifier} looks at the observations.
     * Use {@code StepVerifier.create} and let virtual time pass in its {@code then} steps.
     */
    public Flux<Observation> watch() {
        return observer.watch().subscribeOn(time);
    }

    /** Ends the observer without grace, as a crash does, and starts another one on the same registry. */
    public Scenario restart() {
        crash();
        processor = new RecordingProcessor(ports, setup.processor, frozen);
        observer = newObserver();
        return start();
    }

    /** Ends the observer without grace. */
    public Scenario crash() {
        time.schedule(() -> {
            if (watching != null) {
                watching.dispose();
                watching = null;
            }
        });
        return this;
    }

    /** Appends all these events, in this order, before the observer sees the first. */
    public Scenario when(Change<?>... changes) {
        time.schedule(() -> registry.append(changes));
        return this;
    }

    /** Lets virtual time pass. */
    public Scenario advance(Duration duration) {
        time.advanceTimeBy(duration);
        return this;
    }

    // Then

    /**
     * Lets {@link #PATIENCE} pass, and then demands that since the last {@code then} the ports got exactly these calls in
     * this order.
     *
     * @throws AssertionError if not, with both lists
     */
    public Scenario then(Call... calls) {
        advance(PATIENCE);
        return nowExactly(calls);
    }

    /** Like {@link #then} without calls. */
    public Scenario thenNothing() {
        return then();
    }

    /** Like {@link #then}, but lets no time pass. */
    public Scenario nowExactly(Call... calls) {
        if (failure != null) {
            throw new AssertionError("the observer failed", failure);
        }
        List<Call> actual = ports.callsFrom(seen);
        seen += actual.size();
        if (!actual.equals(List.of(calls))) {
            throw new AssertionError("expected calls:" + text(List.of(calls)) + "\nbut were:" + text(actual));
        }
        return this;
    }

    private String text(List<Call> calls) {
        return calls.isEmpty()
                ? " none"
                : calls.stream()
                        .map(call -> "\n  " + call.kind() + " " + names.getOrDefault(call.repo(), "" + call.repo()))
                        .collect(Collectors.joining());
    }

    // The parts

    /** The registry, to control signals and failures. */
    public ScriptedRegistry registry() {
        return registry;
    }

    /** The record of all calls, to make some of them fail. */
    public PortLog ports() {
        return ports;
    }

    /** The observer that runs now, or is to be started. */
    public Observer observer() {
        return observer;
    }

    /** The scheduler on which everything runs. */
    public VirtualTimeScheduler time() {
        return time;
    }

    /** The virtual time. */
    public InstantSource clock() {
        return clock;
    }

    /** All observations since the first {@link #start}. */
    public List<Observation> observations() {
        return List.copyOf(observations);
    }

    /** All observations of one type. */
    public <T extends Observation> List<T> observations(Class<T> type) {
        return observations.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Whether {@code watch()} has completed. */
    public boolean completed() {
        return completed;
    }

    /** The repos that are enabled now, with what the processor was told. */
    public Map<UUID, RepoInfo> enabled() {
        return processor.enabled();
    }

    /** The repos whose files a freeze has touched and nothing has given back. */
    public Set<UUID> frozen() {
        return Set.copyOf(frozen);
    }

    /** The repos of which the processor was told that they have left for good. */
    public Set<UUID> left() {
        return processor.left();
    }

    /**
     * What the processor was told of a repo.
     *
     * @throws AssertionError if the repo is not enabled
     */
    public RepoInfo info(ScriptedRepo repo) {
        return present(enabled().get(repo.id()), repo, "enabled");
    }

    /**
     * Where a repo stands.
     *
     * @throws AssertionError if the observer does not follow it
     */
    public RepoStatus status(ScriptedRepo repo) {
        return present(observer.state(repo.id()), repo, "followed");
    }

    private static <T> T present(@Nullable T value, ScriptedRepo repo, String what) {
        if (value == null) {
            throw new AssertionError(repo.globalPath() + " is not " + what);
        }
        return value;
    }

    @Override
    public void close() {
        crash();
        if (!guest) {
            time.dispose();
        }
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private ObserverConfig.Builder config = ObserverConfig.builder().registry(REGISTRY);
        private Function<RegistryCommands, Initializer> initializer = commands -> new IdleInitializer();
        private @Nullable Processor processor;
        private UnaryOperator<Observer.Builder> observer = builder -> builder;
        private long seed = 1;

        private Builder() {}

        /** Changes the configuration; at least a prefix is needed. */
        public Builder config(UnaryOperator<ObserverConfig.Builder> change) {
            config = change.apply(config);
            return this;
        }

        /** The initializer to test, made with the commands of the scripted registry. Its calls are recorded. */
        public Builder initializer(Function<RegistryCommands, Initializer> factory) {
            initializer = factory;
            return this;
        }

        /** The processor to test; its calls are recorded. */
        public Builder processor(Processor value) {
            processor = value;
            return this;
        }

        /** Changes the observer before its other parts are set, to give it a listener for example. */
        public Builder observer(UnaryOperator<Observer.Builder> change) {
            observer = change;
            return this;
        }

        /** The seed of the jitter; default 1. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Makes the scenario; nothing runs yet. */
        public Scenario build() {
            return new Scenario(this, null);
        }
    }
}
