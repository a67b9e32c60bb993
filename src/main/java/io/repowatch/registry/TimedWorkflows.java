package io.repowatch.registry;

import io.repowatch.engine.Activity;
import io.repowatch.engine.ActivityEngine;
import io.repowatch.engine.Event;
import io.repowatch.engine.Scope;
import io.repowatch.engine.Step;
import io.repowatch.engine.StreamClass;
import io.repowatch.journal.Journal;
import io.repowatch.observer.IndexKey;
import io.repowatch.wire.v1.MainEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What happens in the registries of a server because time passes (registry specification §2.3 and §5.3, S11): the pings of the
 * server itself and the summary of all, the end of pings that nobody ends, the removal of ended workflows from the index of
 * their registry after five days, and snapshots of the index. Everything else a registry does at once.
 *
 * <p>Each workflow has an activity of its own, which sleeps or waits without a thread or an open read; one that fails is tried
 * again after a back-off, and delays no other. What is done already is found done, so it does not matter where a server
 * stopped. Thread-safe; serves once.
 */
public final class TimedWorkflows {
    private final ActivityEngine engine;
    private final TimedCommands commands;

    private TimedWorkflows(ActivityEngine engine, TimedCommands commands) {
        this.engine = engine;
        this.commands = commands;
    }

    /**
     * What it runs on.
     *
     * @param callbacks where it works; never blocks
     * @param timer where its waits elapse
     * @param clock says when an event is due; the clock of the registry
     * @param random the source of jitter
     */
    public record Settings(Scheduler callbacks, Scheduler timer, InstantSource clock, RandomGenerator random) {}

    /** The workflows of the registries of a journal. Nothing runs yet. Journal and registry stay the caller's. */
    public static TimedWorkflows of(Journal journal, Registry registry, Settings settings) {
        return of(journal, registry, settings, IndexSnapshots.DEFAULT);
    }

    /** The same with snapshots of the index at other times. */
    public static TimedWorkflows of(Journal journal, Registry registry, Settings settings, IndexSnapshots snapshots) {
        return of(engine(journal, settings), registry, settings, snapshots);
    }

    /** For tests that count reads. */
    static TimedWorkflows of(Journal journal, Registry registry, Settings settings, int readLimit) {
        ActivityEngine.Builder engine = engine(journal, settings).limit(StreamClass.GENERAL, readLimit);
        return of(engine, registry, settings, IndexSnapshots.DEFAULT);
    }

    private static ActivityEngine.Builder engine(Journal journal, Settings settings) {
        return ActivityEngine.builder(new JournalEventSource(journal))
                .scheduler(settings.callbacks())
                .timer(settings.timer())
                .random(settings.random());
    }

    private static TimedWorkflows of(
            ActivityEngine.Builder engine, Registry registry, Settings settings, IndexSnapshots snapshots) {
        return new TimedWorkflows(
                engine.build(), new TimedCommands(registry, settings.clock(), settings.timer(), snapshots));
    }

    /** Runs while subscribed. Completes after {@link #stop} only; fails when the journal's feed of changes does. */
    public Mono<Void> serve() {
        Mono<Void> main = engine.run(MainKey.MAIN, (key, scope) -> new MainActivity(scope, commands))
                // That the engine was stopped is told by the end of serve().
                .onErrorComplete(CancellationException.class);
        return Mono.when(engine.serve(), main);
    }

    /** Stops it: what is under way may finish until the deadline. Completes when nothing runs any more. */
    public Mono<Void> stop(Duration deadline) {
        return engine.stop(deadline);
    }

    /** Follows which registries there are. */
    private static final class MainActivity implements Activity<MainEvent> {
        private final Scope scope;
        private final TimedCommands commands;
        private final Set<String> registries = new LinkedHashSet<>();

        MainActivity(Scope scope, TimedCommands commands) {
            this.scope = scope;
            this.commands = commands;
        }

        @Override
        public void replay(Event<MainEvent> event) {
            if (event.body().getEvent() == MainEvent.Type.REGISTRY_CONFIRMED) {
                registries.add(event.body().getRegistryName());
            }
        }

        @Override
        public Mono<Step> quiesced() {
            registries.forEach(this::follow);
            return Step.next();
        }

        @Override
        public Mono<Step> live(Event<MainEvent> event) {
            replay(event);
            return quiesced();
        }

        private void follow(String registry) {
            scope.startInTurn(
                    new IndexKey(registry),
                    registry,
                    (key, children) -> new IndexActivity(registry, children, commands));
        }
    }
}
