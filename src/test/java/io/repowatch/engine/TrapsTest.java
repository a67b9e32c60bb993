package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Mistakes that earlier engines of this kind have made; each test fails with the mistake. */
class TrapsTest {
    private static final TestKey A = TestKey.repo("a");
    private static final TestKey B = TestKey.repo("b");

    private final EngineFixture fixture = new EngineFixture();
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();

    private static void end(Sinks.Empty<Void> sink) {
        sink.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private static List<Duration> delays(long seed) {
        List<Duration> delays = new ArrayList<>();
        EngineFixture each =
                new EngineFixture(b -> b.random(new SplittableRandom(seed)).listener(new EngineListener() {
                    @Override
                    public void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {
                        delays.add(delay);
                    }
                }));
        Probe broken = new Probe();
        broken.onQuiesced = () -> Mono.error(new IllegalStateException("no"));
        each.run(A, broken);
        each.serve();
        each.pass(Duration.ofMinutes(10));
        return delays;
    }

    @Test
    void theJitterIsReplayable() {
        assertThat(delays(5)).isEqualTo(delays(5)).isNotEqualTo(delays(6)).hasSizeGreaterThan(10);
    }

    @Test
    void activitiesAreStartedAndRecheckedInTheOrderOfTheirRuns() {
        List<String> order = new ArrayList<>();
        EngineFixture one = new EngineFixture(b -> b.limit(StreamClass.REPO, 1).listener(new EngineListener() {
            @Override
            public void run(StreamKey<?> key) {
                order.add(key.toString());
            }
        }));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            names.add("r" + i * 7919 % 1000);
            one.run(TestKey.repo(names.get(i)), new Probe());
        }
        one.serve();
        assertThat(order).isEqualTo(names);
        order.clear();
        one.source.all();
        assertThat(order).isEqualTo(names);
    }

    @Test
    void aReadThatFailsDoesNotCancelTheCallbackUnderWay() {
        boolean[] cancelled = {false};
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> event.body().equals("1")
                ? gate.asMono().doOnCancel(() -> cancelled[0] = true).then(Step.next())
                : Step.next();
        fixture.run(A, probe);
        fixture.serve();
        source.script(A, (after, honest) -> honest.take(1).concatWith(Flux.error(new IllegalStateException("cut"))));
        source.append(A, "1", "2");
        source.unscript(A);
        fixture.passSeconds(5);
        assertThat(cancelled).containsExactly(false);
        end(gate);
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 2", "caughtUp");
    }

    @Test
    void aTimerThatFiresAtOnceDoesNotTakeTheHoldOnTheReadAway() {
        EngineFixture instant = new EngineFixture(b -> b.timer(new InstantTimer()));
        int[] left = {1};
        probe.onQuiesced = () -> left[0]-- > 0 ? Mono.error(new IllegalStateException("no")) : Step.next();
        instant.source.script(A, (after, honest) -> left[0] > 0 ? honest : Flux.never());
        Disposable run = instant.run(A, probe);
        instant.serve();
        assertThat(instant.source.open).hasValue(1);
        run.dispose();
        assertThat(instant.source.open).hasValue(0);
    }

    @Test
    void aStaleQueueEntryTouchesNothing() {
        List<String> heard = new ArrayList<>();
        EngineFixture one = new EngineFixture(b -> b.limit(StreamClass.REPO, 1).listener(new LoggingListener(heard)));
        int[] left = {1};
        probe.onQuiesced = () -> left[0]-- > 0 ? Mono.error(new IllegalStateException("no")) : Step.next();
        one.run(A, probe);
        one.serve();
        Sinks.Empty<Void> gate = Sinks.empty();
        Probe blocker = new Probe();
        blocker.onQuiesced = () -> gate.asMono().then(Step.next());
        one.run(B, blocker);
        one.passSeconds(1);
        // Ready in the bulk lane after its back-off, then promoted: one entry in each lane.
        one.source.wake(A);
        Disposable cancelled = one.run(TestKey.repo("c"), new Probe().named("never"));
        cancelled.dispose();
        heard.clear();
        end(gate);
        assertThat(heard).filteredOn("run"::equals).hasSize(1);
        assertThat(probe.log).containsExactly("create", "quiesced", "quiesced");
        one.source.append(A, "1");
        assertThat(probe.log).endsWith("live 1", "caughtUp");
    }

    @Test
    void aChainOfAHundredThousandWaitsThatQuitDoesNotOverflowTheStack() {
        int count = 100_000;
        int[] quit = {0};
        List<Sinks.Empty<Void>> gates = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            gates.add(Sinks.empty());
        }
        List<Disposable> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            runs.add(fixture.engine
                    .run(TestKey.repo("r" + i), (key, scope) -> new Quiet() {
                        @Override
                        public Mono<Step> quiesced() {
                            return Step.await(
                                    "the one before", gates.get(index).asMono().then(Step.quit()));
                        }
                    })
                    .subscribe(v -> {}, e -> {}, () -> {
                        quit[0]++;
                        end(gates.get(index + 1));
                    }));
        }
        fixture.serve();
        end(gates.get(0));
        assertThat(quit).containsExactly(count);
        assertThat(runs).allMatch(Disposable::isDisposed);
    }

    @Test
    void aWaitThatWaitsAgainAndAgainDoesNotOverflowTheStack() {
        int[] waits = {0};
        probe.onQuiesced = () -> waitAgain(waits);
        fixture.run(A, probe);
        fixture.serve();
        assertThat(fixture.ends).containsExactly("a quit");
    }

    private static Mono<Step> waitAgain(int[] waits) {
        return Mono.defer(() -> ++waits[0] < 100_000 ? Step.await("again", waitAgain(waits)) : Step.quit());
    }

    @Test
    void aLongReadOfReadyAnswersDoesNotOverflowTheStack() {
        int[] handled = {0};
        for (int i = 0; i < 20_000; i++) {
            source.put(A, "replay");
        }
        fixture.run(A, (key, scope) -> new Quiet() {
            @Override
            public Mono<Step> live(Event<String> event) {
                handled[0]++;
                return Step.next();
            }
        });
        fixture.serve();
        for (int i = 0; i < 20_000; i++) {
            source.put(A, "live");
        }
        source.wake(A);
        assertThat(handled).containsExactly(20_000);
    }

    @Test
    void whatACallbackCompletesForAnotherActivityHappensAfterTheCallback() {
        List<String> order = new ArrayList<>();
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> Step.await("b", gate.asMono().then(Step.quit()));
        Probe direct = new Probe();
        direct.onLive = event -> gate.asMono().then(Step.quit());
        Probe completer = new Probe();
        completer.onLive = event -> {
            order.add("begin");
            end(gate);
            order.add("end");
            return Step.next();
        };
        TestKey directKey = TestKey.repo("direct");
        fixture.serve();
        Disposable waiting = fixture.engine.run(A, probe).subscribe(v -> {}, e -> {}, () -> order.add("a quit"));
        Disposable inside =
                fixture.engine.run(directKey, direct).subscribe(v -> {}, e -> {}, () -> order.add("direct quit"));
        fixture.run(B, completer);
        source.append(A, "1");
        source.append(directKey, "1");
        source.append(B, "1");
        assertThat(order).startsWith("begin", "end").contains("a quit", "direct quit");
        assertThat(waiting.isDisposed() && inside.isDisposed()).isTrue();
    }

    @Test
    void anErrorThatIsNotFatalToTheJvmIsAFailureLikeAnyOther() {
        int[] left = {1};
        probe.onLive = event -> {
            if (left[0]-- > 0) {
                throw new AssertionError("a bug");
            }
            return Step.next();
        };
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        fixture.passSeconds(1);
        assertThat(probe.log).endsWith("live 1", "live 1", "caughtUp");
    }

    @Test
    void aThousandReposWhoseInitNeverEndsDoNotKeepOneMoreFromItsOwn() {
        for (int i = 0; i < 1000; i++) {
            Probe endless = new Probe();
            endless.onQuiesced = () -> Step.await("init", Mono.never());
            fixture.run(TestKey.repo("endless " + i), endless);
        }
        fixture.serve();
        fixture.run(A, probe);
        assertThat(probe.log).containsExactly("create", "quiesced");
        source.append(A, "1");
        assertThat(probe.log).endsWith("live 1", "caughtUp");
    }

    private abstract static class Quiet implements Activity<String> {
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
    }

    /** Runs what it is given before {@code schedule} returns, however long the delay. */
    private static final class InstantTimer implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            task.run();
            return Disposables.disposed();
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return schedule(task);
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }
    }
}
