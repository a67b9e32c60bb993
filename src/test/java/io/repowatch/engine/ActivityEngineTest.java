package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.id.Vid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class ActivityEngineTest {
    private static final TestKey A = TestKey.repo("a");
    private static final TestKey B = TestKey.repo("b");

    private final EngineFixture fixture = new EngineFixture();
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();

    @Test
    void foldsTheHistoryThenActsThenGoesOnEventByEvent() {
        source.put(A, "1");
        source.put(A, "2");
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "3", "4");

        assertThat(probe.log)
                .containsExactly("create", "replay 1", "replay 2", "quiesced", "live 3", "live 4", "caughtUp");
        assertThat(source.open).hasValue(0);
    }

    @Test
    void actsOnAnEmptyStreamToo() {
        fixture.run(A, probe);
        fixture.serve();
        assertThat(probe.log).containsExactly("create", "quiesced");
    }

    @Test
    void readsNothingBeforeTheFirstAll() {
        fixture.run(A, probe);
        fixture.subscribe();
        source.append(A, "1");
        fixture.passSeconds(1000);
        assertThat(source.reads).hasValue(0);

        source.all();
        assertThat(probe.log).containsExactly("create", "replay 1", "quiesced");
    }

    @Test
    void runsWhatIsStartedWhileItServes() {
        fixture.serve();
        fixture.run(A, probe);
        assertThat(probe.log).containsExactly("create", "quiesced");
    }

    @Test
    void countsActivitiesByClassAndState() {
        Sinks.One<Step> outcome = Sinks.one();
        Probe waiting = new Probe();
        waiting.onQuiesced = () -> Step.await("a test", outcome.asMono());
        Probe failing = new Probe();
        failing.onQuiesced = () -> Mono.error(new IllegalStateException("no"));
        fixture.run(A, probe);
        fixture.run(B, waiting);
        fixture.run(TestKey.repo("c"), failing);
        fixture.run(TestKey.general("g"), new Probe());
        assertThat(fixture.engine.activities())
                .isEqualTo(Map.of(
                        StreamClass.REPO,
                        Map.of(ActivityState.READY, 3L),
                        StreamClass.GENERAL,
                        Map.of(ActivityState.READY, 1L)));

        fixture.serve();
        assertThat(fixture.engine.activities())
                .isEqualTo(Map.of(
                        StreamClass.REPO,
                        Map.of(ActivityState.SLEEPING, 1L, ActivityState.AWAITING, 1L, ActivityState.BACKING_OFF, 1L),
                        StreamClass.GENERAL,
                        Map.of(ActivityState.SLEEPING, 1L)));

        assertThat(outcome.tryEmitValue(Step.quit().block())).isEqualTo(Sinks.EmitResult.OK);
        assertThat(fixture.engine.activities().get(StreamClass.REPO))
                .isEqualTo(Map.of(ActivityState.SLEEPING, 1L, ActivityState.BACKING_OFF, 1L));
        assertThat(ActivityState.BACKING_OFF).hasToString("backing-off");
    }

    @Test
    void anEmptyAnswerMeansGoOn() {
        probe.onQuiesced = Mono::empty;
        probe.onLive = event -> Mono.empty();
        probe.onCaughtUp = Mono::empty;
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        source.append(A, "2");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp", "live 2", "caughtUp");
    }

    @ParameterizedTest
    @CsvSource({"quiesced", "live", "caughtUp"})
    void everyCallbackMayQuit(String callback) {
        switch (callback) {
            case "quiesced" -> probe.onQuiesced = Step::quit;
            case "live" -> probe.onLive = event -> Step.quit();
            default -> probe.onCaughtUp = Step::quit;
        }
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        source.append(A, "2");
        assertThat(fixture.ends).containsExactly("a quit");
        assertThat(probe.log.get(probe.log.size() - 1)).startsWith(callback);
    }

    @Test
    void theEventsBehindAQuitAreNotDelivered() {
        probe.onLive = event -> event.body().equals("2") ? Step.quit() : Step.next();
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1", "2", "3");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 2");
        assertThat(source.open).hasValue(0);
    }

    @Test
    void caughtUpIsCalledOnlyAfterLiveEvents() {
        fixture.run(A, probe);
        fixture.serve();
        source.wake(A);
        source.append(A, "1");
        source.wake(A);
        source.all();
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void runIsColdAndRunsAnewAfterAnEnd() {
        Mono<Void> run = fixture.engine.run(A, probe);
        fixture.serve();
        assertThat(probe.log).isEmpty();
        Disposable first = run.subscribe();
        first.dispose();
        Disposable second = run.subscribe();
        assertThat(probe.log).containsExactly("create", "quiesced", "create", "quiesced");
        second.dispose();
    }

    @Test
    void aSecondRunOnAnEqualKeyIsRefused() {
        fixture.run(A, probe);
        fixture.serve();
        fixture.run(new TestKey("a", A.entity(), StreamClass.REPO), new Probe());
        assertThat(fixture.ends)
                .containsExactly("a failed java.lang.IllegalStateException: an activity runs already on a");
    }

    @Test
    void severalStreamsOfOneEntityAreWokenTogether() {
        TestKey other = new TestKey("a's workflow", A.entity(), StreamClass.GENERAL);
        Probe otherProbe = new Probe();
        fixture.run(A, probe);
        fixture.run(other, otherProbe);
        fixture.serve();
        source.put(other, "w");
        source.append(A, "1");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
        assertThat(otherProbe.log).containsExactly("create", "quiesced", "live w", "caughtUp");
    }

    @Test
    void aWakeUpOfAnEntityWithoutActivityIsIgnored() {
        fixture.serve();
        source.wake(B);
        assertThat(source.reads).hasValue(0);
        assertThat(fixture.ends).isEmpty();
    }

    @Test
    void thereMayBeAsManyActivitiesAsOneLikes() {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            Probe each = new Probe();
            probes.add(each);
            fixture.run(TestKey.repo("repo " + i), each);
        }
        fixture.serve();
        for (int i = 0; i < 5000; i++) {
            source.append(TestKey.repo("repo " + i), "1");
        }
        assertThat(probes)
                .allSatisfy(each -> assertThat(each.log).containsExactly("create", "quiesced", "live 1", "caughtUp"));
        assertThat(source.mostOpen.get()).isLessThanOrEqualTo(10);
    }

    @Test
    void endedWakeUpsEndTheEngineWithAnError() {
        fixture.run(A, probe);
        fixture.serve();
        source.endWakeups();
        assertThat(fixture.ends)
                .containsExactly(
                        "a failed java.lang.IllegalStateException: the source has ended its wake-ups",
                        "serve failed java.lang.IllegalStateException: the source has ended its wake-ups");
    }

    @Test
    void failedWakeUpsEndTheEngineWithTheirError() {
        fixture.run(A, probe);
        fixture.serve();
        source.failWakeups(new IllegalArgumentException("gone"));
        assertThat(fixture.ends)
                .containsExactly(
                        "a failed java.lang.IllegalArgumentException: gone",
                        "serve failed java.lang.IllegalArgumentException: gone");
    }

    @Test
    void aSourceThatThrowsEndsTheEngineToo() {
        EventSource throwing = new EventSource() {
            @Override
            public Flux<Wakeup> wakeups() {
                throw new IllegalStateException("no wake-ups");
            }

            @Override
            public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
                return Flux.empty();
            }
        };
        ActivityEngine engine = ActivityEngine.builder(throwing)
                .scheduler(fixture.time)
                .random(new SplittableRandom(1))
                .build();
        List<String> ends = new ArrayList<>();
        Disposable run = engine.run(A, probe).subscribe(v -> {}, e -> ends.add("run " + e.getMessage()));
        Disposable serving = engine.serve().subscribe(v -> {}, e -> ends.add("serve " + e.getMessage()));
        assertThat(ends).containsExactly("run no wake-ups", "serve no wake-ups");
        assertThat(run.isDisposed() && serving.isDisposed()).isTrue();
    }

    @Test
    void anEngineServesOnlyOnce() {
        fixture.serve();
        fixture.subscribe();
        assertThat(fixture.ends)
                .containsExactly("serve failed java.lang.IllegalStateException: an engine serves only once");
    }

    @Test
    void aListenerThatFailsStopsNothing() {
        EngineFixture deaf = new EngineFixture(b -> b.listener(new EngineListener() {
            @Override
            public void run(StreamKey<?> key) {
                throw new IllegalStateException("no metrics today");
            }

            @Override
            public void slept(StreamKey<?> key) {
                throw new IllegalStateException("no metrics today");
            }
        }));
        deaf.run(A, probe);
        deaf.serve();
        deaf.source.append(A, "1");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void theListenerHearsEveryStepInOrder() {
        List<String> heard = new ArrayList<>();
        EngineFixture loud = new EngineFixture(b -> b.listener(new LoggingListener(heard)));
        int[] failures = {1};
        probe.onLive = event -> switch (event.body()) {
            case "fail" -> failures[0]-- > 0 ? Mono.error(new IllegalStateException("no")) : Step.next();
            case "wait" ->
                Step.await(
                        "the clock",
                        Mono.delay(Duration.ofSeconds(9), loud.time).then(Step.next()));
            default -> Step.quit();
        };
        loud.run(A, probe);
        loud.serve();
        loud.source.append(A, "fail");
        loud.passSeconds(1);
        loud.source.append(A, "wait");
        loud.passSeconds(9);
        loud.source.append(A, "quit");
        assertThat(heard)
                .containsExactly(
                        "ready",
                        "run",
                        "quiesced",
                        "slept",
                        "ready",
                        "run",
                        "retry 1",
                        "ready",
                        "run",
                        "handled",
                        "slept",
                        "ready",
                        "run",
                        "awaiting the clock",
                        "handled",
                        "ready",
                        "run",
                        "slept",
                        "ready",
                        "run",
                        "handled",
                        "quit");
    }

    @ParameterizedTest
    @CsvSource({
        "REPO, 'limit(REPO) must be at least 1, but is 0'",
        "GENERAL, 'limit(GENERAL) must be at least 1, but is 0'"
    })
    void aLimitBelowOneIsRefused(StreamClass streamClass, String message) {
        refused(b -> b.limit(streamClass, 0), message);
    }

    @Test
    void settingsOutsideTheirRangeAreRefusedByNameAndValue() {
        refused(b -> b.wokenShare(0, 1), "wokenShare woken must be at least 1, but is 0");
        refused(b -> b.wokenShare(1, -1), "wokenShare bulk must be at least 1, but is -1");
        refused(b -> b.turnEvents(0), "turnEvents must be at least 1, but is 0");
        refused(b -> b.backoff(Duration.ZERO, Duration.ofSeconds(1)), "backoff first must be positive, but is PT0S");
        refused(b -> b.backoff(Duration.ofSeconds(1), Duration.ZERO), "backoff max must be positive, but is PT0S");
        refused(
                b -> b.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                "backoff first must not exceed max PT1S, but is PT2S");
        refused(b -> b.sweep(Duration.ZERO, Duration.ZERO), "sweep period must be positive, but is PT0S");
        refused(
                b -> b.sweep(Duration.ofHours(1), Duration.ofSeconds(-1)),
                "sweep firstAfter must not be negative, but is PT-1S");
        assertThatThrownBy(() -> ActivityEngine.builder(source)
                        .random(new SplittableRandom(1))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scheduler must be set, but is null");
        assertThatThrownBy(() -> ActivityEngine.builder(source)
                        .scheduler(Schedulers.single())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("random must be set, but is null");
        assertThatThrownBy(() -> fixture.engine.stop(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadline must not be negative, but is PT-1S");
    }

    private void refused(UnaryOperator<ActivityEngine.Builder> settings, String message) {
        assertThatThrownBy(() -> settings.apply(ActivityEngine.builder(source)
                                .scheduler(fixture.time)
                                .random(new SplittableRandom(1)))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void anActivityNeedNotCareWhenItHasCaughtUp() {
        List<String> heard = new ArrayList<>();
        EngineFixture loud = new EngineFixture(b -> b.listener(new LoggingListener(heard)));
        loud.run(A, (key, scope) -> new Activity<>() {
            @Override
            public void replay(Event<String> event) {}

            @Override
            public Mono<Step> quiesced() {
                return Step.next();
            }

            @Override
            public Mono<Step> live(Event<String> event) {
                return Step.next();
            }
        });
        loud.serve();
        loud.source.append(A, "1");
        assertThat(heard).endsWith("ready", "run", "handled", "slept");
    }

    @Test
    void delaysElapseOnTheTimer() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        EngineFixture two = new EngineFixture(b -> b.timer(timer));
        int[] failures = {1};
        probe.onQuiesced = () -> failures[0]-- > 0 ? Mono.error(new IllegalStateException("no")) : Step.next();
        two.run(A, probe);
        two.serve();
        two.passSeconds(100);
        assertThat(probe.log).containsExactly("create", "quiesced");
        timer.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(probe.log).containsExactly("create", "quiesced", "quiesced");
    }
}
