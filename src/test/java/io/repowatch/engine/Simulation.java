package io.repowatch.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A random history over several activities in virtual time, drawn from one seed: the same seed is the same history, event for
 * event. First everything fails now and then; later nothing does, and the end must be in order.
 */
final class Simulation implements EngineListener {
    private static final Duration UNREST = Duration.ofMinutes(5);
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final Duration SETTLE = Duration.ofHours(1);

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final Violations violations;
    final SimulatedSource source;
    private final SplittableRandom random;
    private final ActivityEngine engine;
    private final List<SimulatedRun> runs = new ArrayList<>();
    private final Map<TestKey, Disposable> subscriptions = new HashMap<>();
    private final Map<TestKey, Integer> activeLinks = new HashMap<>();
    private final Map<StreamKey<?>, Long> notBefore = new HashMap<>();
    private boolean honest;
    private @Nullable Throwable served;

    /** An orderly stop has begun: no callback may begin. */
    boolean stopping;

    private boolean cancelled;

    private Simulation(long seed, Function<Settings, Core> core) {
        this.random = new SplittableRandom(seed);
        this.violations = new Violations(seed);
        int repoLimit = 1 + dice(3);
        int generalLimit = 1 + dice(2);
        List<SimulatedSource.Signals> kinds = List.of(SimulatedSource.Signals.values());
        this.source = new SimulatedSource(
                random,
                time,
                violations,
                kinds.get(dice(kinds.size())),
                streamClass -> streamClass == StreamClass.REPO ? repoLimit : generalLimit);
        this.engine = ActivityEngine.builder(source)
                .scheduler(time)
                .random(new SplittableRandom(seed))
                .limit(StreamClass.REPO, repoLimit)
                .limit(StreamClass.GENERAL, generalLimit)
                .sweep(SWEEP, Duration.ofSeconds(30))
                .listener(this)
                .core(core)
                .build();
    }

    /** Plays the history of this seed and tells what was wrong with it. */
    static Violations play(long seed, Function<Settings, Core> core) {
        Simulation simulation = new Simulation(seed, core);
        simulation.play();
        return simulation.violations;
    }

    int dice(int sides) {
        return random.nextInt(sides);
    }

    boolean chance(int oneIn) {
        return !honest && dice(oneIn) == 0;
    }

    boolean hasStuckRuns() {
        return runs.stream().anyMatch(run -> !run.isHealthy());
    }

    boolean hasUnhealthyRuns() {
        return hasStuckRuns();
    }

    private void play() {
        int count = 3 + dice(5);
        for (int i = 0; i < count; i++) {
            TestKey key = key(i);
            for (int e = dice(6); e > 0; e--) {
                source.append(key);
            }
            at(dice(1000), () -> run(key));
        }
        Disposable serving = engine.serve().subscribe(v -> {}, e -> served = e);
        at(dice(3000), () -> source.emit(Wakeup.ALL));
        for (int i = 0; i < 40; i++) {
            TestKey key = key(dice(count));
            at(dice((int) UNREST.toMillis()), () -> source.append(key));
        }
        for (int i = dice(4); i > 0; i--) {
            TestKey key = key(dice(count));
            at(dice((int) UNREST.toMillis()), () -> cancel(key));
        }
        boolean stops = dice(3) == 0;
        if (stops) {
            at(dice((int) UNREST.toMillis()), this::stop);
        }
        time.advanceTimeBy(UNREST);
        honest = true;
        source.beHonest();
        time.advanceTimeBy(SETTLE);
        if (!stops) {
            settle(count);
        }
        if (served != null) {
            violations.add(6, "the engine has ended with " + served);
        }
        cancelled = true;
        serving.dispose();
        checkQuiet("the engine was cancelled");
    }

    /** After all unrest: nothing is left over, then one more event for everybody, which only its wake-up tells. */
    private void settle(int count) {
        if (source.lossless()) {
            runs.forEach(SimulatedRun::checkAtEnd);
        }
        for (int i = 0; i < count; i++) {
            source.append(key(i));
        }
        time.advanceTimeBy(Duration.ofMinutes(10));
        runs.forEach(SimulatedRun::checkAtEnd);
    }

    /** Two streams share an entity, so that a wake-up concerns more than one. */
    private static TestKey key(int i) {
        StreamClass streamClass = i % 3 == 2 ? StreamClass.GENERAL : StreamClass.REPO;
        return new TestKey("s" + i, TestKey.entity("e" + i / 2), streamClass);
    }

    private void at(int millis, Runnable action) {
        time.schedule(action, millis, TimeUnit.MILLISECONDS);
    }

    private void run(TestKey key) {
        int quitAt = dice(4) == 0 ? 1 + dice(8) : -1;
        SimulatedRun run = new SimulatedRun(this, key, dice(6) == 0, dice(6) == 0, quitAt);
        runs.add(run);
        subscriptions.put(
                key,
                engine.run(key, run).subscribe(v -> {}, e -> ended(run, e.toString()), () -> ended(run, "completed")));
    }

    /** A run ends by itself only by quitting. */
    private void ended(SimulatedRun run, String how) {
        if (!run.over && !stopping && !cancelled && !run.mayQuit()) {
            violations.add(2, run.key + " ended without being asked to: " + how);
        }
        run.over = true;
    }

    private void cancel(TestKey key) {
        // Taken out, so that a second cancellation does not start it a second time.
        Disposable subscription = subscriptions.remove(key);
        if (subscription == null) {
            return;
        }
        runs.stream().filter(run -> run.key.equals(key)).forEach(run -> run.over = true);
        subscription.dispose();
        notBefore.remove(key);
        if (source.open(key) > 0) {
            violations.add(7, key + " was cancelled and still reads");
        }
        if (dice(2) == 0) {
            at(dice(10_000), () -> {
                if (!stopping) {
                    run(key);
                }
            });
        }
    }

    private void stop() {
        stopping = true;
        Duration deadline = Duration.ofMillis(dice(3) == 0 ? 0 : dice(20_000));
        long latest = now() + deadline.toMillis();
        boolean[] done = {false};
        Mono<Void> stop = engine.stop(deadline);
        Disposable ignored = stop.subscribe(v -> {}, e -> violations.add(7, "stop failed with " + e), () -> {
            done[0] = true;
            checkQuiet("the engine was stopped");
        });
        at((int) deadline.toMillis() + 1, () -> {
            if (!done[0]) {
                violations.add(7, "stop has not ended by " + latest);
                ignored.dispose();
            }
        });
    }

    private void checkQuiet(String when) {
        if (source.open() > 0 || source.isWatched()) {
            violations.add(7, when + " and still " + source.open() + " reads are open");
        }
        runs.stream()
                .filter(run -> !run.isIdle())
                .forEach(run -> violations.add(7, when + " and " + run.key + " acts"));
    }

    /** Two links on one key: the second may begin only when the first has quit. */
    void startChildren(TestKey parent, Scope scope) {
        TestKey key =
                new TestKey(parent.name() + "'s child", TestKey.entity(parent.name() + "'s child"), StreamClass.REPO);
        for (String tag : List.of("first", "second")) {
            scope.startInTurn(key, tag, (stream, grandchildren) -> new Activity<>() {
                @Override
                public void replay(Event<String> event) {}

                @Override
                public Mono<Step> quiesced() {
                    if (activeLinks.merge(key, 1, Integer::sum) > 1) {
                        violations.add(3, key + " has two links at a time");
                    }
                    return Mono.delay(Duration.ofMillis(dice(1000)), time)
                            .then(Step.quit())
                            .doFinally(end -> activeLinks.merge(key, -1, Integer::sum));
                }

                @Override
                public Mono<Step> live(Event<String> event) {
                    return Step.next();
                }
            });
        }
    }

    private long now() {
        return time.now(TimeUnit.MILLISECONDS);
    }

    private @Nullable SimulatedRun runOf(StreamKey<?> key) {
        return runs.stream()
                .filter(run -> run.key.equals(key) && !run.over)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
        SimulatedRun run = runOf(key);
        if (run == null) {
            return;
        }
        run.failures++;
        if (attempt != run.failures) {
            violations.add(8, key + " counts failure " + attempt + " in place of " + run.failures);
        }
        long nominal = Math.min(60_000, 1000L << Math.min(10, run.failures - 1));
        if (delay.toMillis() < nominal / 2 || delay.toMillis() > nominal) {
            violations.add(8, key + " backs off " + delay + " after failure " + run.failures);
        }
        notBefore.put(key, now() + delay.toMillis());
    }

    @Override
    public void run(StreamKey<?> key) {
        Long earliest = notBefore.remove(key);
        if (earliest != null && now() < earliest) {
            violations.add(8, key + " runs at " + now() + ", before " + earliest);
        }
    }

    @Override
    public void slept(StreamKey<?> key) {
        SimulatedRun run = runOf(key);
        if (run == null) {
            return;
        }
        if (run.restarted) {
            run.restarted = false;
        } else {
            run.failures = 0;
        }
    }

    @Override
    public void restarted(StreamKey<?> key, String why) {
        SimulatedRun run = runOf(key);
        if (run != null) {
            run.restarted = true;
        }
    }
}
