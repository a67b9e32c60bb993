package io.repowatch.testkit.simulation;

import com.google.protobuf.ByteString;
import io.repowatch.engine.Event;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** Everything that a seed makes: the processes, the disks, those who ask, those who judge, and what goes wrong. */
final class World {
    static final String REGISTRY = "exreg";

    private static final Duration PREPARATION = Duration.ofSeconds(5);
    private static final Duration SETTLING = Duration.ofMinutes(45);
    private static final Duration RECOVERY = Duration.ofMinutes(2);
    private static final Duration QUIET_COMMANDS = Duration.ofMinutes(5);
    private static final long MOST_STEPS = 3_000_000;

    final Variant variant;
    final Dice dice;
    final Faults faults;
    final Trace trace;
    final VirtualTime time;
    final Scenario scenario;
    final Truth truth = new Truth();
    final Judge judge = new Judge(this);
    final Network network = new Network(this);
    final Customers customers = new Customers(this);
    final List<ObserverProcess> observers = new ArrayList<>();
    final RegistryProcess registry;

    /** Where everything runs that never dies. */
    final ProcessScheduler outside;

    private final @Nullable StepByStep steps;

    World(long seed, Variant variant, boolean recording) {
        SplittableRandom random = new SplittableRandom(seed);
        this.variant = variant;
        this.dice = new Dice(random.split());
        this.faults = new Faults(random.split());
        this.time = new VirtualTime(random.split(), this::threw);
        this.trace = new Trace(time::nanos, recording);
        this.outside = new ProcessScheduler(time);
        this.scenario = Scenario.draw(dice);
        this.steps = scenario.foreign() ? new StepByStep(this) : null;
        this.registry = new RegistryProcess(this, new Disk(this::stored));
        trace.add("world", scenario.toString());
        StorageHost host = new StorageHost("host");
        for (int i = 0; i < scenario.observers(); i++) {
            observers.add(new ObserverProcess(
                    this, "observer-" + i, "/" + (char) ('a' + i), host, i == 0 && scenario.embedded()));
        }
    }

    /** Whether nothing has disturbed anybody for so long that all are up and know everything. */
    boolean isCalm() {
        return time.nanos() > PREPARATION.plus(scenario.unrest()).plus(RECOVERY).toNanos();
    }

    private void threw(Throwable error) {
        trace.violation("nothing escapes", "a task threw " + error);
    }

    private void stored(List<Append> appends) {
        truth.stored(appends);
        for (Append append : appends) {
            for (StoredEvent event : append.events()) {
                trace.add("journal", trace.name(append.stream().entity()) + " " + Streams.type(append.stream(), event));
                if (append.stream().category() == Streams.WORKFLOW) {
                    customers.workflows().stored(append.stream().entity(), Streams.workflowEvent(event));
                }
            }
        }
        if (steps != null) {
            steps.stored(appends);
        }
    }

    /** What an observer is shown of a read. */
    <E> List<Event<E>> visible(List<Event<E>> events) {
        return steps == null ? events : steps.visible(events);
    }

    /** The newest event of a workflow as the registry shows it now; null if it shows none or is down. */
    WorkflowEvent.@Nullable Type shownLast(WorkflowKey key) {
        RegistryProcess.Running running = registry.running();
        if (running == null) {
            return null;
        }
        try {
            List<Event<WorkflowEvent>> events = visible(running.read(key, Vid.EPOCH));
            return events.isEmpty()
                    ? null
                    : events.get(events.size() - 1).body().getEvent();
        } catch (Throwable e) {
            throw new IllegalStateException("the history of " + key + " is not readable", e);
        }
    }

    /** Hears the signals of a registry process; what it says is late already. */
    Disposable signals(RegistryProcess.Running server, Consumer<AggregateSignalsO> listener) {
        return steps == null
                ? server.registry
                        .aggregateSignals(new Principal("observer"), AggregateSignalsI.getDefaultInstance())
                        .subscribe(listener, error -> {}, () -> {})
                : steps.listen(stream -> listener.accept(signal(stream)));
    }

    private static AggregateSignalsO signal(StreamId stream) {
        return AggregateSignalsO.newBuilder()
                .addSignals(AggregateSignal.newBuilder()
                        .setEntityId(ByteString.copyFrom(EntityIds.toBytes(stream.entity()))))
                .build();
    }

    /** Plays the whole history. */
    void play() {
        registry.start();
        customers.prepare();
        if (!run(PREPARATION)) {
            return;
        }
        faults.begin();
        observers.forEach(observer -> outside.after(dice.millis(3000), observer::start));
        for (int i = 8 + dice.below(12); i > 0; i--) {
            burst(dice.upTo(scenario.unrest()));
        }
        for (int i = dice.below(8); i > 0; i--) {
            outside.after(dice.upTo(scenario.unrest()), () -> disturb(dice.pick(observers)));
        }
        if (!run(scenario.unrest())) {
            return;
        }
        faults.end();
        trace.add("world", "no more faults");
        for (int i = dice.below(3); i > 0; i--) {
            burst(dice.upTo(QUIET_COMMANDS));
        }
        if (run(SETTLING)) {
            new RestCheck(this).check();
        }
    }

    /** Several commands at about the same time, as events that come close together are the ones that get lost. */
    private void burst(Duration after) {
        for (int i = dice.below(5); i >= 0; i--) {
            outside.after(after.plus(dice.millis(150)), customers::act);
        }
    }

    private void disturb(ObserverProcess observer) {
        switch (dice.below(3)) {
            case 0 -> registry.crash();
            case 1 -> observer.crash();
            default -> observer.stop();
        }
    }

    private boolean run(Duration duration) {
        if (time.run(duration, MOST_STEPS)) {
            return true;
        }
        trace.violation("the system comes to rest", "more than " + MOST_STEPS + " steps in " + duration);
        return false;
    }
}
