package io.repowatch.testkit.simulation;

import io.repowatch.engine.EngineListener;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.GlobalPath;
import io.repowatch.observer.Observation;
import io.repowatch.observer.Observer;
import io.repowatch.observer.ObserverConfig;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One observer's server: one process after the other on the same storage host, below one prefix. */
final class ObserverProcess {
    static final int WEAK_RETRIES = 2;

    private static final Duration ENABLED_WAIT = Duration.ofMinutes(10);
    private static final Duration LONGEST_DOWN = Duration.ofSeconds(30);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

    private final World world;
    private final String name;
    private final String prefix;
    private final StorageHost host;
    private final boolean embedded;
    private @Nullable Running running;

    ObserverProcess(World world, String name, String prefix, StorageHost host, boolean embedded) {
        this.world = world;
        this.name = name;
        this.prefix = prefix;
        this.host = host;
        this.embedded = embedded;
    }

    /** One process. */
    private static final class Running {
        final ProcessScheduler scheduler;
        final WatchedSource source;
        final SimulatedStorage storage;
        final Observer observer;
        final Set<UUID> quiesced = new HashSet<>();
        final Disposable.Composite work = Disposables.composite();
        boolean stopping;

        Running(ProcessScheduler scheduler, WatchedSource source, SimulatedStorage storage, Observer observer) {
            this.scheduler = scheduler;
            this.source = source;
            this.storage = storage;
            this.observer = observer;
        }
    }

    String name() {
        return name;
    }

    String prefix() {
        return prefix;
    }

    StorageHost host() {
        return host;
    }

    boolean owns(@Nullable GlobalPath path) {
        return path != null && (path.value() + "/").startsWith(prefix + "/");
    }

    void start() {
        if (embedded) {
            if (world.registry.running() == null) {
                world.registry.onStart(this::start);
                return;
            }
            world.registry.onDeath(this::die);
        }
        ProcessScheduler scheduler = new ProcessScheduler(world.time);
        WatchedSource source = new WatchedSource(world, this, scheduler, embedded);
        RemoteCommands commands = new RemoteCommands(world, this, scheduler, embedded);
        SimulatedStorage storage = new SimulatedStorage(world, this, scheduler, commands);
        Reports reports = new Reports();
        Observer observer = world.variant
                .observer()
                .apply(Observer.builder(config()))
                .source(source)
                .commands(commands)
                .initializer(storage)
                .processor(storage)
                .callbacks(scheduler)
                .timer(scheduler)
                .clock(world.time.clock())
                .random(world.dice.fork())
                .listener(reports)
                .build();
        Running now = new Running(scheduler, source, storage, observer);
        reports.process = now;
        running = now;
        world.trace.add(name, "starts");
        now.work.add(observer.watch().subscribe(this::observed, this::failed, () -> ended(now)));
    }

    ObserverConfig config() {
        return ObserverConfig.builder()
                .registry(World.REGISTRY)
                .prefix(prefix)
                .host(host.name())
                .repoReads(world.scenario.repoReads())
                .generalReads(world.scenario.generalReads())
                .weakRetryLimit(WEAK_RETRIES)
                .enabledWait(ENABLED_WAIT)
                .sweepPeriod(world.scenario.sweep())
                .build();
    }

    ProcessScheduler scheduler() {
        return required().scheduler;
    }

    private Running required() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException(name + " is down");
        }
        return now;
    }

    boolean isUp() {
        return running != null;
    }

    /** Whether the repo's history has been acted on since its activity began. */
    boolean hasQuiesced(UUID repo) {
        return required().quiesced.contains(repo);
    }

    /** What the processor knows of a repo; null if it has it not. */
    @Nullable
    RepoInfo enabled(UUID repo) {
        Running now = running;
        return now == null ? null : now.storage.enabled().get(repo);
    }

    int weakFailures(UUID repo, String what) {
        return required().storage.weakFailures(repo, what);
    }

    int sizeAtOpen(UUID repo) {
        return required().source.sizeAtOpen(new RepoKey(repo));
    }

    private void observed(Observation observation) {
        world.trace.add(name, observation.toString());
    }

    private void failed(Throwable error) {
        world.trace.violation("an observer runs until it is stopped", name + " has failed: " + error);
    }

    private void ended(Running process) {
        if (!process.stopping) {
            world.trace.violation("an observer runs until it is stopped", name + " has ended");
        }
    }

    /** The process dies, and comes back after a while; one in the registry's process takes that with it. */
    void crash() {
        if (embedded) {
            world.registry.crash();
        } else if (running != null) {
            world.faults.count(Fault.OBSERVER_CRASH);
            die();
        }
    }

    private void die() {
        Running dying = running;
        if (dying == null) {
            return;
        }
        world.trace.add(name, "dies");
        end(dying);
    }

    private void end(Running process) {
        process.scheduler.kill();
        process.storage.died();
        running = null;
        world.outside.after(world.dice.upTo(LONGEST_DOWN), this::start);
    }

    /** The process is stopped in order, and comes back after a while. */
    void stop() {
        Running stopped = running;
        if (stopped == null || stopped.stopping || embedded) {
            return;
        }
        world.faults.count(Fault.OBSERVER_STOP);
        stopped.stopping = true;
        Duration deadline = world.dice.upTo(LONGEST_STOP);
        world.trace.add(name, "is stopped within " + deadline.toMillis() + " ms");
        boolean[] done = {false};
        stopped.work.add(stopped.observer.stop(deadline).subscribe(nothing -> {}, this::failed, () -> {
            done[0] = true;
            world.trace.add(name, "has stopped");
            if (stopped.source.openReads() > 0 || stopped.storage.isBusy()) {
                world.trace.violation("a stop ends everything", name + " still works after its stop");
            }
        }));
        stopped.scheduler.after(deadline.plusMillis(100), () -> {
            if (!done[0]) {
                world.trace.violation("a stop keeps its deadline", name + " has not ended within " + deadline);
            }
            if (running == stopped) {
                end(stopped);
            }
        });
    }

    @Override
    public String toString() {
        return name;
    }

    /** What the engine tells: which activities have quiesced. */
    private static final class Reports implements EngineListener {
        private @Nullable Running process;

        private void note(StreamKey<?> key, boolean quiesced) {
            Running told = process;
            if (told != null && key instanceof RepoKey repo) {
                if (quiesced) {
                    told.quiesced.add(repo.repo());
                } else {
                    told.quiesced.remove(repo.repo());
                }
            }
        }

        @Override
        public void quiesced(StreamKey<?> key) {
            note(key, true);
        }

        @Override
        public void restarted(StreamKey<?> key, String why) {
            note(key, false);
        }

        @Override
        public void quit(StreamKey<?> key) {
            note(key, false);
        }

        @Override
        public void stopped(StreamKey<?> key) {
            note(key, false);
        }
    }
}
