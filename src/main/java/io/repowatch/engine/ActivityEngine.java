package io.repowatch.engine;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Follows any number of event streams with a few open reads. An activity sleeps until the {@link EventSource} says that its
 * entity has news; then it waits for one of the permits of its {@link StreamClass}, its stream is read from where it was, and
 * the events are handed to it strictly one after the other. Thread-safe; serves once.
 *
 * <p><b>Threads.</b> Callbacks run on the injected Scheduler, one at a time for each activity, each happens-before the next.
 * The Scheduler must run a task after {@code schedule} has returned or on another thread; a Scheduler that runs it inside
 * {@code schedule} would nest activities.
 *
 * <p><b>Failures.</b> A failed read or callback is retried after a back-off that belongs to the activity: the first delay,
 * doubled with each further failure in a row up to the maximum, shortened by up to half at random. The next callback that
 * succeeds ({@code quiesced}, {@code live} or {@code caughtUp}, a wait included) or the next read that ends without a failure
 * starts the row anew; a successful {@code replay} does not, because a restart repeats it. After a restart from the epoch no callback does either
 * before a turn has ended in sleep, nor does the end of that turn: the restart repeats them too, and a source that
 * refuses every position would have them repeated for ever, always after the first delay.
 */
public final class ActivityEngine {
    private final Core core;
    private final AtomicBoolean served = new AtomicBoolean();

    private ActivityEngine(Core core) {
        this.core = core;
    }

    /** Starts the configuration of an engine on this source. */
    public static Builder builder(EventSource source) {
        return new Builder(source);
    }

    /**
     * Runs an activity on {@code key}, from the epoch, as soon and as long as the engine serves. Cold: every subscription
     * is a run of its own. Completes when the activity quits; emits nothing. Cancelling stops the activity and its
     * children: its read is closed, a callback under way is cancelled, and no other begins.
     *
     * <p>Errors: {@link IllegalStateException} if an activity that was started by this method runs already on an equal key;
     * {@link java.util.concurrent.CancellationException} if the engine is stopped first; the error of {@link #serve()} if
     * that fails. A failure of the activity itself is never an error here: it is retried. Signals come on the Scheduler of
     * the callbacks, or on the thread that stops the engine.
     */
    public <E> Mono<Void> run(StreamKey<E> key, ActivityFactory<E> factory) {
        return new RunMono<>(core, key, factory);
    }

    /**
     * Runs the engine while subscribed: subscribes to the wake-ups, reads, calls. Never completes but after {@link #stop}.
     * Cancelling is a stop without grace. Errors: whatever ends the wake-ups, whatever is fatal to the JVM in a callback, and
     * {@link IllegalStateException} if the wake-ups complete or the engine has been served before.
     */
    public Mono<Void> serve() {
        return Mono.defer(() -> {
            if (!served.compareAndSet(false, true)) {
                return Mono.error(new IllegalStateException("an engine serves only once"));
            }
            return Mono.defer(this::work)
                    .takeUntilOther(core.shutdown.done())
                    .onErrorResume(e -> {
                        core.stopNow(e);
                        return Mono.error(e);
                    })
                    .doOnCancel(() -> core.stopNow(null));
        });
    }

    /** What has to run as long as the engine serves. The wake-ups come last, when everything is ready for them. */
    private Mono<Void> work() {
        for (StreamClass each : StreamClass.values()) {
            core.queue(each).serve(core.limit(each));
        }
        return Flux.merge(core.shutdown.failed(), sweeps(), signals()).then();
    }

    private Mono<Void> signals() {
        return core.source()
                .wakeups()
                .doOnNext(core::wake)
                .then(Mono.<Void>error(() -> new IllegalStateException("the source has ended its wake-ups")))
                .takeUntilOther(core.shutdown.begun());
    }

    private Mono<Void> sweeps() {
        if (core.source().lossless()) {
            return Mono.empty();
        }
        Sweep sweep = new Sweep(core.settings());
        return Mono.when(sweep.run(core.queue(StreamClass.REPO)), sweep.run(core.queue(StreamClass.GENERAL)))
                .takeUntilOther(core.shutdown.begun());
    }

    /**
     * Stops the engine in order, once subscribed. No callback begins any more, every read is closed, activities that do
     * nothing end at once. Callbacks and waits that are under way may finish until the deadline, measured from the
     * subscription; then they are cancelled. Completes when nothing runs any more; {@link #serve()} completes at the same
     * moment. {@link Duration#ZERO} cancels at once. Several stops may overlap: the earliest deadline counts. Cancelling this
     * Mono takes back its deadline but not the stop.
     */
    public Mono<Void> stop(Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline must not be negative, but is " + deadline);
        }
        return Mono.defer(() -> {
            if (deadline.isZero()) {
                core.stopNow(null);
                return core.shutdown.done();
            }
            core.beginStop(null);
            Mono<Void> late = Mono.delay(deadline, core.timer).then(Mono.defer(() -> {
                core.stopNow(null);
                return core.shutdown.done();
            }));
            return Mono.firstWithSignal(core.shutdown.done(), late);
        });
    }

    /** How many activities of a class there are, those that have not run yet included; at once, as nothing is counted. */
    public int size(StreamClass streamClass) {
        return core.queue(streamClass).roster.size();
    }

    /**
     * How many activities are in which state, by class, those that have not run yet included; what is zero is missing. A
     * snapshot that looks at every activity, without stopping any; for metrics and progress.
     */
    public Map<StreamClass, Map<ActivityState, Long>> activities() {
        return core.count();
    }

    /** Collects the configuration of an engine. Not thread-safe. */
    public static final class Builder {
        private final EventSource source;
        private @Nullable Scheduler callbacks;
        private @Nullable Scheduler timer;
        private @Nullable RandomGenerator random;
        private int repoLimit = 10;
        private int generalLimit = 20;
        private Duration firstBackoff = Duration.ofSeconds(1);
        private Duration maxBackoff = Duration.ofSeconds(60);
        private int wokenShare = 3;
        private int bulkShare = 1;
        private int turnEvents = 8;
        private Duration sweepPeriod = Duration.ofHours(1);
        private Duration sweepFirst = Duration.ofSeconds(30);
        private EngineListener listener = new EngineListener() {};
        private Function<Settings, Core> core = Core::new;

        private Builder(EventSource source) {
            this.source = source;
        }

        /** Where callbacks run. Required. The engine does not dispose of it. */
        public Builder scheduler(Scheduler callbacks) {
            this.callbacks = callbacks;
            return this;
        }

        /** Where delays of back-off, sweep and stop elapse. Default: the Scheduler of the callbacks. */
        public Builder timer(Scheduler timer) {
            this.timer = timer;
            return this;
        }

        /** The source of jitter. Required. Need not be thread-safe; the engine locks it. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** How many streams of a class are read at the same time, at least 1. Default: REPO 10, GENERAL 20. */
        public Builder limit(StreamClass streamClass, int limit) {
            switch (streamClass) {
                case REPO -> repoLimit = limit;
                case GENERAL -> generalLimit = limit;
            }
            return this;
        }

        /** The back-off after a first failure, and its upper bound; both positive. Default 1 s and 60 s. */
        public Builder backoff(Duration first, Duration max) {
            this.firstBackoff = first;
            this.maxBackoff = max;
            return this;
        }

        /**
         * How freed permits are divided where both wait: activities with news to new, failed and re-checked ones. Both at
         * least 1. Default 3 to 1.
         */
        public Builder wokenShare(int woken, int bulk) {
            this.wokenShare = woken;
            this.bulkShare = bulk;
            return this;
        }

        /**
         * How many live events an activity is given at a time while others with news wait for a permit, at least 1. After
         * that it goes to the end of their queue, and its stream is read again from where it is. Where nobody waits it is given
         * all that there are, and history always. Default 8.
         */
        public Builder turnEvents(int events) {
            this.turnEvents = events;
            return this;
        }

        /**
         * The time in which every sleeper is looked at once, positive, and when a first look at all of them happens, not
         * negative. Used only if the source is not {@link EventSource#lossless}. Default 1 h and 30 s.
         */
        public Builder sweep(Duration period, Duration firstAfter) {
            this.sweepPeriod = period;
            this.sweepFirst = firstAfter;
            return this;
        }

        /** Hears what happens. Default: nobody. */
        public Builder listener(EngineListener listener) {
            this.listener = listener;
            return this;
        }

        /** For tests that replace one method of the engine. */
        Builder core(Function<Settings, Core> core) {
            this.core = core;
            return this;
        }

        /**
         * Makes the engine; nothing runs yet.
         *
         * @throws IllegalArgumentException if a value is missing or outside its range; the message names field and value
         */
        public ActivityEngine build() {
            Scheduler required = required("scheduler", callbacks);
            Settings settings = new Settings(
                    source,
                    required,
                    timer != null ? timer : required,
                    required("random", random),
                    repoLimit,
                    generalLimit,
                    firstBackoff,
                    maxBackoff,
                    wokenShare,
                    bulkShare,
                    turnEvents,
                    sweepPeriod,
                    sweepFirst,
                    listener);
            return new ActivityEngine(core.apply(settings));
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException(field + " must be set, but is null");
            }
            return value;
        }
    }
}
