package io.repowatch.service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.repowatch.engine.ActivityState;
import io.repowatch.engine.EngineListener;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.Vid;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.JournalStats;
import io.repowatch.observer.Initializer;
import io.repowatch.observer.Observer;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoStatus;
import io.repowatch.observer.WorkflowPart;
import io.repowatch.observer.WorkflowStatus;
import io.repowatch.storage.PeriodicStat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the process counts, for {@code /metrics}. The operators' guide lists the names. Thread-safe; what is counted once for
 * every event or wake-up costs an atomic addition.
 */
final class Metrics {
    private static final Duration[] LAGS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private volatile Runnable snapshot = () -> {};
    private volatile Map<StreamClass, Map<ActivityState, Long>> activities = Map.of();
    private volatile Map<RepoStatus.State, Long> repos = Map.of();
    private volatile Map<WorkflowPart, Long> workflows = Map.of();

    Metrics(Lifecycle lifecycle) {
        JvmGcMetrics collections = new JvmGcMetrics();
        lifecycle.onClose(collections::close);
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /** All values in the text format of Prometheus. */
    String scrape() {
        // One look at the activities serves all their gauges.
        snapshot.run();
        return registry.scrape();
    }

    static String name(StreamClass streamClass) {
        return streamClass.name().toLowerCase(Locale.ROOT);
    }

    /** The same source, with its wake-ups and reads counted. */
    EventSource metered(EventSource source) {
        return new MeteredSource(source, registry);
    }

    /** The same initializer, with its operations timed. */
    Initializer metered(Initializer initializer) {
        return new MeteredInitializer(initializer, new ActionTimers(registry));
    }

    /** The same processor, with its operations timed. */
    Processor metered(Processor processor) {
        return new MeteredProcessor(processor, new ActionTimers(registry));
    }

    /** Counts what the engine reports. */
    EngineListener listener(InstantSource clock) {
        return new EngineMeters(clock);
    }

    /** Counts what becomes of the periodic looks at repos. */
    PeriodicStat.Listener periodicStats() {
        Counter changed = periodicStats("changed");
        Counter unchanged = periodicStats("unchanged");
        Counter failed = periodicStats("failed");
        Counter busy = periodicStats("busy");
        return new PeriodicStat.Listener() {
            @Override
            public void done(UUID repo, boolean somethingChanged) {
                (somethingChanged ? changed : unchanged).increment();
            }

            @Override
            public void failed(UUID repo, Throwable error) {
                failed.increment();
            }

            @Override
            public void deferred(UUID repo) {
                busy.increment();
            }
        };
    }

    private Counter periodicStats(String result) {
        return Counter.builder("repowatch.periodic.stats")
                .description("Periodic looks at repos for changes of their files.")
                .tag("result", result)
                .register(registry);
    }

    /** Shows the activities and repos of an observer. */
    void show(Observer observer) {
        snapshot = () -> {
            activities = observer.activities();
            repos = observer.counts();
            workflows = observer.workflows().stream()
                    .collect(Collectors.groupingBy(WorkflowStatus::part, Collectors.counting()));
        };
        for (WorkflowPart part : WorkflowPart.values()) {
            gauge("repowatch.workflows", "Parts of workflows that run.", m -> m.workflows.getOrDefault(part, 0L))
                    .tag("part", part.toString())
                    .register(registry);
        }
        for (StreamClass streamClass : StreamClass.values()) {
            for (ActivityState state : ActivityState.values()) {
                gauge("repowatch.activities", "Activities by class and state.", m -> m.activities(streamClass, state))
                        .tag("class", name(streamClass))
                        .tag("state", state.toString())
                        .register(registry);
            }
        }
        for (RepoStatus.State state : RepoStatus.State.values()) {
            gauge("repowatch.repos", "Repos that are followed, by state.", m -> m.repos.getOrDefault(state, 0L))
                    .tag("state", state.toString())
                    .register(registry);
        }
    }

    private Gauge.Builder<Metrics> gauge(String name, String help, ToDoubleFunction<Metrics> value) {
        return Gauge.builder(name, this, value).description(help).strongReference(true);
    }

    private long activities(StreamClass streamClass, ActivityState state) {
        return activities.getOrDefault(streamClass, Map.of()).getOrDefault(state, 0L);
    }

    /** Shows what a journal writes. */
    void show(EmbeddedJournal journal) {
        counter(journal, "repowatch.journal.appends", "Appends that were stored.", JournalStats::appends);
        counter(journal, "repowatch.journal.syncs", "Syncs that made them durable.", JournalStats::syncs);
        counter(journal, "repowatch.journal.bytes", "Bytes of events that were stored, about.", JournalStats::bytes);
        Gauge.builder("repowatch.journal.position", journal, EmbeddedJournal::position)
                .description("The position of the last append.")
                .strongReference(true)
                .register(registry);
    }

    private void counter(EmbeddedJournal journal, String name, String help, ToDoubleFunction<JournalStats> value) {
        FunctionCounter.builder(name, journal, from -> value.applyAsDouble(from.stats()))
                .description(help)
                .register(registry);
    }

    /** Retries, back-off, and how long after its time an event was handled. */
    private final class EngineMeters implements EngineListener {
        private final InstantSource clock;
        private final PerClass<Counter> restarts;
        private final PerClass<Timer> pauses;
        private final PerClass<Timer> lags;

        EngineMeters(InstantSource clock) {
            this.clock = clock;
            restarts = PerClass.make(each -> Counter.builder("repowatch.restarts")
                    .description("Activities that were read again from their first event.")
                    .tag("class", name(each))
                    .register(registry));
            pauses = PerClass.make(each -> Timer.builder("repowatch.retries")
                    .description("Failed reads and callbacks, and how long they back off.")
                    .tag("class", name(each))
                    .register(registry));
            lags = PerClass.make(each -> Timer.builder("repowatch.event.lag")
                    .description("From the time in an event's id to the end of its live handling.")
                    .tag("class", name(each))
                    .serviceLevelObjectives(LAGS)
                    .register(registry));
        }

        @Override
        public void handled(StreamKey<?> key, Vid event) {
            long lag = clock.millis() - event.timestampMillis();
            lags.of(key.streamClass()).record(Duration.ofMillis(Math.max(0, lag)));
        }

        @Override
        public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
            pauses.of(key.streamClass()).record(delay);
        }

        @Override
        public void restarted(StreamKey<?> key, String why) {
            restarts.of(key.streamClass()).increment();
        }
    }
}
