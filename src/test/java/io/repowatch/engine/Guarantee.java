package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The checks of the ten guarantees, for any variant of the engine. Each throws an AssertionError that names the guarantee. */
final class Guarantee {
    private static final int SEEDS = 150;

    private Guarantee() {}

    /** The scenario of its own that the guarantee has, if it has one, and then random histories. */
    static void check(int guarantee, Function<Settings, Core> core) {
        scenario(guarantee, core);
        for (long seed = 1; seed <= SEEDS; seed++) {
            assertThat(Simulation.play(seed, core).of(guarantee))
                    .as("guarantee %d", guarantee)
                    .isEmpty();
        }
    }

    static void scenario(int guarantee, Function<Settings, Core> core) {
        switch (guarantee) {
            case 5 -> allWorkflowsCompleteWithEveryLimitOne(core);
            case 7 -> aStopLetsTheCallbackFinishAndBeginsNoOther(core);
            case 8 -> {
                backOffIsExponentialWithJitterForEachActivity(core);
                backOffGrowsWhereEveryPositionIsRefused(core);
            }
            case 9 -> newsAndLoadShareTheTurns(core);
            case 10 -> theBrokenAndTheSlowDelayNobody(core);
            default -> {}
        }
    }

    private static void allWorkflowsCompleteWithEveryLimitOne(Function<Settings, Core> core) {
        EngineFixture fixture = new EngineFixture(
                b -> b.limit(StreamClass.REPO, 1).limit(StreamClass.GENERAL, 1).core(core));
        int count = 50;
        for (int i = 0; i < count; i++) {
            TestKey workflow = TestKey.general("workflow " + i);
            Sinks.Empty<Void> done = Sinks.empty();
            Probe follower = new Probe();
            follower.onQuiesced = () -> Step.await(
                    "time",
                    Mono.delay(Duration.ofSeconds(5), fixture.time)
                            .then(Mono.fromRunnable(() -> done.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST)))
                            .then(Step.quit()));
            Probe repo = new Probe();
            repo.onQuiesced = () -> {
                repo.scope().startInTurn(workflow, "only", follower);
                return Step.await("workflow", done.asMono().then(Step.quit()));
            };
            fixture.run(TestKey.repo("repo " + i), repo);
        }
        fixture.serve();
        fixture.passSeconds(60);
        assertThat(fixture.ends).as("guarantee 5").hasSize(count);
    }

    private static void aStopLetsTheCallbackFinishAndBeginsNoOther(Function<Settings, Core> core) {
        EngineFixture fixture = new EngineFixture(b -> b.core(core));
        TestKey key = TestKey.repo("a");
        Probe probe = new Probe();
        probe.onLive = event -> Mono.delay(Duration.ofSeconds(2), fixture.time)
                .doOnNext(tick -> probe.log.add("done " + event.body()))
                .then(Step.next());
        fixture.run(key, probe);
        fixture.serve();
        fixture.source.append(key, "1", "2");
        List<String> stops = new ArrayList<>();
        Disposable stop =
                fixture.engine.stop(Duration.ofSeconds(10)).subscribe(v -> {}, e -> {}, () -> stops.add("done"));
        fixture.passSeconds(1);
        assertThat(stops).as("guarantee 7").isEmpty();
        fixture.passSeconds(1);
        assertThat(stops).as("guarantee 7: the stop ends with the callback").containsExactly("done");
        stop.dispose();
        assertThat(probe.log).as("guarantee 7").endsWith("live 1", "done 1");
        assertThat(fixture.source.open).as("guarantee 7").hasValue(0);
    }

    private static void backOffIsExponentialWithJitterForEachActivity(Function<Settings, Core> core) {
        List<Duration> delays = new ArrayList<>();
        Set<StreamKey<?>> firsts = new HashSet<>();
        EngineFixture fixture = new EngineFixture(b -> b.core(core).listener(new EngineListener() {
            @Override
            public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
                delays.add(delay);
                if (attempt == 1) {
                    firsts.add(key);
                }
            }
        }));
        for (String name : List.of("a", "b", "c")) {
            Probe probe = new Probe();
            probe.onQuiesced = () -> Mono.error(new IllegalStateException("no"));
            fixture.run(TestKey.repo(name), probe);
        }
        fixture.serve();
        assertThat(delays)
                .as("guarantee 8: three first delays, all different")
                .hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(firsts).as("guarantee 8: each activity counts for itself").hasSize(3);
        fixture.pass(Duration.ofHours(1));
        int atFullDelay = delays.size();
        assertThat(atFullDelay).as("guarantee 8: retries in an hour").isBetween(3 * 60, 3 * 130);
        assertThat(delays.get(atFullDelay - 1))
                .as("guarantee 8: the longest")
                .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /** What it does after each restart succeeds, waits or not, and is repeated more and more seldom all the same. */
    private static void backOffGrowsWhereEveryPositionIsRefused(Function<Settings, Core> core) {
        EngineFixture fixture = new EngineFixture(b -> b.core(core));
        List<TestKey> keys = List.of(TestKey.repo("waits"), TestKey.repo("answers"));
        List<String> acts = new ArrayList<>();
        for (TestKey key : keys) {
            Probe probe = new Probe();
            probe.onQuiesced = () -> {
                acts.add(key.name());
                return key.name().equals("waits") ? Step.await("work", Step.next()) : Step.next();
            };
            fixture.source.put(key, "1");
            fixture.source.script(
                    key,
                    (after, honest) -> after.isEpoch() ? honest : Flux.error(new PositionUnknownException(key, after)));
            fixture.run(key, probe);
        }
        fixture.serve();
        for (int second = 0; second < 1000; second++) {
            keys.forEach(fixture.source::wake);
            fixture.passSeconds(1);
        }
        for (TestKey key : keys) {
            assertThat(acts.stream().filter(key.name()::equals).count())
                    .as("guarantee 8: how often one that %s acts in 1,000 seconds", key)
                    .isBetween(1000L / 60, 1000L / 60 * 2 + 8);
        }
    }

    private static void newsAndLoadShareTheTurns(Function<Settings, Core> core) {
        for (long seed = 1; seed <= 40; seed++) {
            newsAndLoadShareTheTurns(core, seed);
        }
    }

    /**
     * A few live repos always have news while new ones are loaded with one permit; turns are counted, not time. Numbers, shares
     * and how long each turn takes are drawn from the seed.
     */
    private static void newsAndLoadShareTheTurns(Function<Settings, Core> core, long seed) {
        Random random = new Random(seed);
        int woken = 1 + random.nextInt(4);
        int bulk = 1 + random.nextInt(3);
        int live = woken + 1 + random.nextInt(4);
        int fresh = 10 + random.nextInt(30);
        StringBuilder turns = new StringBuilder();
        EngineFixture fixture = new EngineFixture(b -> b.core(core)
                .limit(StreamClass.REPO, 1)
                .wokenShare(woken, bulk)
                .listener(new EngineListener() {
                    @Override
                    public void run(StreamKey<?> key) {
                        turns.append(key.toString().charAt(0));
                    }
                }));
        for (int i = 0; i < live; i++) {
            TestKey key = TestKey.repo("live " + i);
            Probe probe = new Probe();
            probe.onLive = event -> Mono.delay(Duration.ofMillis(1 + random.nextInt(20)), fixture.time)
                    .then(Mono.defer(() -> {
                        fixture.source.append(key, "more");
                        return Step.next();
                    }));
            fixture.run(key, probe);
            fixture.source.put(key, "first");
        }
        fixture.serve();
        fixture.passSeconds(1);
        for (int i = 0; i < live; i++) {
            fixture.source.append(TestKey.repo("live " + i), "start");
        }
        turns.setLength(0);
        for (int i = 0; i < fresh; i++) {
            Probe probe = new Probe();
            probe.onQuiesced = () -> Mono.delay(Duration.ofMillis(1 + random.nextInt(20)), fixture.time)
                    .then(Step.next());
            fixture.run(TestKey.repo("new " + i), probe);
        }
        fixture.passSeconds(20);
        int end = turns.lastIndexOf("n") + 1 - bulk;
        assertThat(turns.chars().filter(c -> c == 'n').count())
                .as("guarantee 9: new ones, seed %d", seed)
                .isEqualTo(fresh);
        for (int i = 0; i + woken + bulk <= end; i++) {
            assertThat(turns.substring(i, i + woken + bulk)
                            .chars()
                            .filter(c -> c == 'n')
                            .count())
                    .as("guarantee 9: new ones from turn %d on at %d : %d, seed %d", i, woken, bulk, seed)
                    .isEqualTo(bulk);
        }
    }

    private static void theBrokenAndTheSlowDelayNobody(Function<Settings, Core> core) {
        EngineFixture fixture = new EngineFixture(b -> b.core(core).limit(StreamClass.REPO, 1));
        Probe broken = new Probe();
        broken.onLive = event -> Mono.error(new IllegalStateException("broken"));
        Probe slow = new Probe();
        slow.onLive = event -> Step.await("for ever", Mono.never());
        Probe healthy = new Probe();
        fixture.run(TestKey.repo("broken"), broken);
        fixture.run(TestKey.repo("slow"), slow);
        fixture.run(TestKey.repo("healthy"), healthy);
        fixture.serve();
        fixture.source.append(TestKey.repo("broken"), "1");
        fixture.source.append(TestKey.repo("slow"), "1");
        for (int i = 0; i < 100; i++) {
            fixture.source.append(TestKey.repo("healthy"), "at " + i);
            assertThat(healthy.log).as("guarantee 10").contains("live at " + i);
            fixture.passSeconds(1);
        }
    }
}
