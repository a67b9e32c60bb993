package io.repowatch.observer;

import io.repowatch.engine.ActivityState;
import io.repowatch.engine.EngineListener;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamClass;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Follows registries and every repo of theirs below the configured prefixes, and prepares each repo through the ports: makes
 * its shadow and its GitLab project where they are asked for, and enables it. Acts on a repo's history once, on its final
 * state, and then on one event after the other. Thread-safe.
 */
public final class Observer {
    private final Parts parts;
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile @Nullable ObserverRun running;

    private Observer(Parts parts) {
        this.parts = parts;
    }

    /** What an observer is made of. */
    record Parts(
            ObserverConfig config,
            EventSource source,
            RegistryCommands commands,
            Initializer initializer,
            Processor processor,
            Scheduler callbacks,
            Scheduler timer,
            InstantSource clock,
            RandomGenerator random,
            EngineListener listener,
            Workings workings) {}

    /** Starts with the configuration; the other parts have no default unless the method says so. */
    public static Builder builder(ObserverConfig config) {
        return new Builder(config);
    }

    /**
     * Runs the observer while subscribed, and emits what it does and notices. Observations come on the callbacks' Scheduler,
     * one at a time, as far as the subscriber asks; a subscriber that is too slow never slows the observer, it loses the
     * oldest and is told by {@link Observation.Lagged}. Who blocks in {@code onNext} needs a Scheduler of his own
     * ({@code publishOn}).
     *
     * <p>Only one subscriber at a time; another gets an {@link IllegalStateException}. Completes after {@link #stop}. Fails
     * only if the event source gives up for good, as with a configuration that no registry accepts. Cancelling is
     * {@code stop(Duration.ZERO)}. May be subscribed again after the end, and starts afresh then.
     */
    public Flux<Observation> watch() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Observation> subscriber) {
                start(subscriber);
            }
        };
    }

    private void start(CoreSubscriber<? super Observation> subscriber) {
        if (!watched.compareAndSet(false, true)) {
            Operators.error(subscriber, new IllegalStateException("this observer is watched already"));
            return;
        }
        ObserverRun run = new ObserverRun(parts, subscriber, this::ended);
        running = run;
        subscriber.onSubscribe(run.ring());
        run.start();
    }

    private void ended() {
        watched.set(false);
    }

    /**
     * Starts no new work, lets running callbacks end until {@code deadline}, then cancels them. Completes when nothing runs any
     * more, at once if nothing does; never fails. Cold. The clock of the deadline is the timer's.
     *
     * @throws IllegalArgumentException if {@code deadline} is negative
     */
    public Mono<Void> stop(Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must not be negative, but is " + deadline);
        }
        return Mono.defer(() -> {
            ObserverRun run = running;
            return run == null ? Mono.empty() : run.stop(deadline);
        });
    }

    /** A snapshot of all repos that are followed; after the end the last one. Copies, so it costs time per repo. */
    public Map<UUID, RepoStatus> states() {
        ObserverRun current = running;
        return current == null ? Map.of() : current.board().snapshot();
    }

    /** Where one repo stands, null if it is not followed. */
    public @Nullable RepoStatus state(UUID repo) {
        ObserverRun current = running;
        return current == null ? null : current.board().get(repo);
    }

    /** A snapshot of this side's parts of the workflows that run, in no particular order; after the end the last one. */
    public List<WorkflowStatus> workflows() {
        ObserverRun current = running;
        return current == null ? List.of() : current.workflows().snapshot(null);
    }

    /**
     * What a repo waits for: its own activity, then the parts of workflows that run on it, then the links of its chain that
     * begin when it has ended. Empty if nothing is known of the repo. A snapshot that looks at every workflow.
     */
    public List<WaitReason> why(UUID repo) {
        ObserverRun current = running;
        return current == null ? List.of() : current.why(repo);
    }

    /** How many repos are in each state; states without repos are missing. Cheaper than {@link #states()}. */
    public Map<RepoStatus.State, Long> counts() {
        ObserverRun current = running;
        return current == null ? Map.of() : current.board().counts();
    }

    /**
     * How many repos are followed, those that were not read yet included; a repo that waits behind another link of its chain
     * counts once. 0 before the registries have been read. Cheap.
     */
    public int followed() {
        ObserverRun current = running;
        return current == null ? 0 : current.followed();
    }

    /**
     * How many activities of registries, repos and workflows are in which state, by class; what is zero is missing. Looks at
     * each activity.
     */
    public Map<StreamClass, Map<ActivityState, Long>> activities() {
        ObserverRun current = running;
        return current == null ? Map.of() : current.activities();
    }

    /** Collects the parts. Not thread-safe. */
    public static final class Builder {
        private final ObserverConfig config;
        private @Nullable EventSource source;
        private @Nullable RegistryCommands commands;
        private @Nullable Initializer initializer;
        private @Nullable Processor processor;
        private @Nullable Scheduler callbacks;
        private @Nullable Scheduler timer;
        private @Nullable InstantSource clock;
        private @Nullable RandomGenerator random;
        private EngineListener listener = new EngineListener() {};
        private Workings workings = new Workings();

        private Builder(ObserverConfig config) {
            this.config = config;
        }

        /** Where events come from. */
        public Builder source(EventSource value) {
            source = value;
            return this;
        }

        /** The commands of the registries. */
        public Builder commands(RegistryCommands value) {
            commands = value;
            return this;
        }

        /** What prepares repos. */
        public Builder initializer(Initializer value) {
            initializer = value;
            return this;
        }

        /** Where repos are enabled. */
        public Builder processor(Processor value) {
            processor = value;
            return this;
        }

        /** Where all callbacks and observations run; owned by the caller. */
        public Builder callbacks(Scheduler value) {
            callbacks = value;
            return this;
        }

        /** Where delays are timed; owned by the caller. */
        public Builder timer(Scheduler value) {
            timer = value;
            return this;
        }

        /** The time in states and stored errors. */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** The jitter of back-offs. */
        public Builder random(RandomGenerator value) {
            random = value;
            return this;
        }

        /** Hears what the engine does, for metrics; by default nobody does. */
        public Builder listener(EngineListener value) {
            listener = value;
            return this;
        }

        /** For tests that replace one decision. */
        Builder workings(Workings value) {
            workings = value;
            return this;
        }

        /**
         * Makes the observer; nothing runs before {@link Observer#watch()} is subscribed.
         *
         * @throws NullPointerException if a part without a default is missing; the message names it
         */
        public Observer build() {
            return new Observer(new Parts(
                    config,
                    Objects.requireNonNull(source, "source"),
                    Objects.requireNonNull(commands, "commands"),
                    Objects.requireNonNull(initializer, "initializer"),
                    Objects.requireNonNull(processor, "processor"),
                    Objects.requireNonNull(callbacks, "callbacks"),
                    Objects.requireNonNull(timer, "timer"),
                    Objects.requireNonNull(clock, "clock"),
                    Objects.requireNonNull(random, "random"),
                    listener,
                    workings));
        }
    }
}
