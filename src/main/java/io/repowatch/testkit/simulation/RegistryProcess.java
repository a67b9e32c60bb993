package io.repowatch.testkit.simulation;

import io.repowatch.engine.Event;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.registry.InProcessCommands;
import io.repowatch.registry.IndexSnapshots;
import io.repowatch.registry.JournalEventSource;
import io.repowatch.registry.MoveAccept;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import io.repowatch.registry.TimedWorkflows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** The registry's server: one process after the other on the same disk. */
final class RegistryProcess {
    private static final Duration LONGEST_DOWN = Duration.ofSeconds(20);
    private static final Duration LONGEST_BROKEN = Duration.ofSeconds(30);
    /** After a few events, however many workflows there are. */
    private static final IndexSnapshots SNAPSHOTS = new IndexSnapshots(5, 0);

    private static final Duration CLOCK_STEP = Duration.ofHours(1);

    private final World world;
    private final Disk disk;
    private final Set<Runnable> onDeath = new LinkedHashSet<>();
    private final List<Runnable> onStart = new ArrayList<>();
    private @Nullable Running running;

    RegistryProcess(World world, Disk disk) {
        this.world = world;
        this.disk = disk;
    }

    /** One process. */
    static final class Running {
        final ProcessScheduler scheduler;
        final SimulatedJournal journal;
        final Registry registry;
        final JournalEventSource source;
        final RegistryCommands commands;
        final Disposable.Composite work = Disposables.composite();

        Running(ProcessScheduler scheduler, SimulatedJournal journal, Registry registry, Principal observer) {
            this.scheduler = scheduler;
            this.journal = journal;
            this.registry = registry;
            this.source = new JournalEventSource(journal);
            this.commands = new InProcessCommands(registry, observer);
        }

        /** The events that a read would get now. */
        <E> List<Event<E>> read(StreamKey<E> key, Vid after) throws Throwable {
            return Sync.list(source.read(key, after));
        }
    }

    void start() {
        ProcessScheduler scheduler = new ProcessScheduler(world.time);
        SimulatedJournal journal =
                world.variant.journal().open(disk, scheduler, world.dice, world.faults, this::broken);
        InstantSource clock = world.time.clock();
        if (world.faults.happens(Fault.CLOCK_BACK, 6)) {
            Duration step = world.dice.upTo(CLOCK_STEP);
            clock = () -> world.time.clock().instant().minus(step);
        }
        RegistryConfig config = RegistryConfig.builder(scheduler, world.dice.fork())
                .clock(clock)
                .cachedRepos(16)
                .moveAccept(world.scenario.accepts() ? MoveAccept.AUTO : MoveAccept.MANUAL)
                .build();
        Running process = new Running(
                scheduler, journal, world.variant.registry().open(journal, config), new Principal("observer"));
        running = process;
        runTimedWorkflows(process, clock);
        world.trace.add("registry", "starts");
        List<Runnable> waiting = List.copyOf(onStart);
        onStart.clear();
        waiting.forEach(Runnable::run);
    }

    private void runTimedWorkflows(Running process, InstantSource clock) {
        TimedWorkflows.Settings settings =
                new TimedWorkflows.Settings(process.scheduler, process.scheduler, clock, world.dice.fork());
        process.work.add(TimedWorkflows.of(process.journal, process.registry, settings, SNAPSHOTS)
                .serve()
                .subscribe(
                        nothing -> {},
                        error -> world.trace.violation(
                                "nothing escapes", "the registry's timed workflows have failed: " + error),
                        () -> {}));
    }

    @Nullable
    Running running() {
        return running;
    }

    /** Runs once with the next process that starts. */
    void onStart(Runnable task) {
        onStart.add(task);
    }

    /** Runs when the process of this moment dies, unless disposed of before. */
    Disposable onDeath(Runnable task) {
        Runnable own = task::run;
        onDeath.add(own);
        return () -> onDeath.remove(own);
    }

    private void broken() {
        world.trace.add("registry", "its disk refuses a sync");
        world.outside.after(world.dice.upTo(LONGEST_BROKEN), this::crash);
    }

    /** The process dies, and comes back after a while. */
    void crash() {
        Running dying = running;
        if (dying == null) {
            return;
        }
        world.faults.count(Fault.REGISTRY_CRASH);
        world.trace.add("registry", "dies");
        running = null;
        dying.scheduler.kill();
        dying.journal.leaveSomeOnDisk();
        List<Runnable> told = List.copyOf(onDeath);
        onDeath.clear();
        told.forEach(Runnable::run);
        world.outside.after(world.dice.upTo(LONGEST_DOWN), this::start);
    }
}
