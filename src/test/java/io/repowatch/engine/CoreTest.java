package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/** What the parts of the engine rely on in each other. */
class CoreTest {
    private static final TestKey A = TestKey.repo("a");
    private static final TestKey B = TestKey.repo("b");
    private static final TestKey G = TestKey.general("g");

    private final List<String> heard = new ArrayList<>();
    private final Probe probe = new Probe();
    private @Nullable Core made;

    private EngineFixture fixture(Function<Settings, Core> make) {
        return new EngineFixture(
                b -> b.listener(new LoggingListener(heard)).core(settings -> made = make.apply(settings)));
    }

    private Core core() {
        if (made == null) {
            fixture(Core::new);
        }
        return Objects.requireNonNull(made);
    }

    private Task<String> task(int state) {
        Task<String> task = new RootTask<>(core(), A, probe, new BaseSubscriber<Void>() {
            @Override
            protected void hookOnError(Throwable error) {
                // The test asks the task.
            }
        });
        assertThat(task.move(Task.NEW, state)).isTrue();
        return task;
    }

    static Stream<Verdict> ends() {
        return Stream.of(
                Verdict.SLEEP,
                Verdict.AGAIN,
                Verdict.REST,
                Verdict.QUIT,
                Verdict.HALT,
                new Verdict.Wait(Call.QUIESCED, new Step.Await("w", Mono.never())),
                new Verdict.Failed(new IllegalStateException("no"), false),
                new Verdict.Failed(new IllegalStateException("no"), true),
                new Verdict.Failed(new StackOverflowError("deep"), false),
                new Verdict.Gap("a gap"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void everyEndOfATurnGivesThePermitBackOnce(Verdict end) {
        AtomicInteger released = new AtomicInteger();
        core().finish(task(Task.RUNNING), end, released::incrementAndGet);
        assertThat(released).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aTurnOfATaskThatWasEndedGivesThePermitBackOnceAndDoesNothingElse(Verdict end) {
        Task<?> task = task(Task.RUNNING);
        task.end();
        AtomicInteger released = new AtomicInteger();
        core().finish(task, end, released::incrementAndGet);
        assertThat(released).hasValue(1);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aTurnThatEndsDuringAStopGivesThePermitBackOnceAndEndsItsTask(Verdict end) {
        core().beginStop(null);
        Task<?> task = task(Task.RUNNING);
        AtomicInteger released = new AtomicInteger();
        core().finish(task, end, released::incrementAndGet);
        assertThat(released).hasValue(1);
        assertThat(task.ended()).isTrue();
        assertThat(heard).containsExactly(end == Verdict.QUIT ? "quit" : "stopped");
    }

    @Test
    void anEndedTaskHoldsNothing() {
        EngineFixture fixture = fixture(Core::new);
        probe.onLive = event -> Step.quit();
        fixture.run(A, probe);
        fixture.serve();
        List<Task<?>> tasks = new ArrayList<>();
        core().table.forEach(tasks::add);
        fixture.source.append(A, "quit");
        assertThat(tasks).hasSize(1).allSatisfy(task -> {
            assertThat(task.ended()).isTrue();
            assertThat(task.held()).isNull();
        });
    }

    @Test
    void aRetryOfWhatHasNeverQuiescedWaitsInTheBulkLane() {
        Task<String> task = task(Task.BACKING_OFF);
        core().again(task, Task.BACKING_OFF);
        assertThat(task.state()).isEqualTo(Task.READY_BULK);
    }

    @Test
    void aRetryOfWhatWasLiveWaitsInTheWokenLane() {
        Task<String> task = task(Task.BACKING_OFF);
        task.succeeded(Call.QUIESCED, false);
        core().again(task, Task.BACKING_OFF);
        assertThat(task.state()).isEqualTo(Task.READY_WOKEN);
    }

    @Test
    void anAnswerThatIsThereNeedsNoHop() {
        assertThat(core().backOnCallbacks(Step.quit())).isSameAs(Step.quit());
    }

    @Test
    void aTaskThatWasEndedBeforeItEntersItsQueueLeavesNothingBehind() {
        Task<String> task = task(Task.READY_BULK);
        task.end();
        ReadyQueue queue = core().queue(StreamClass.REPO);
        queue.enter(task);
        assertThat(queue.roster.size()).isZero();
    }

    @Test
    void onlyTheFirstBeginOfAStopCounts() {
        Shutdown shutdown = new Shutdown();
        assertThat(shutdown.begin(null)).isTrue();
        assertThat(shutdown.begin(new IllegalStateException("later"))).isFalse();
        assertThat(shutdown.cause()).isInstanceOf(CancellationException.class);
    }

    @Test
    void anErrorOfTheEngineItselfEndsItLoudly() {
        EngineFixture fixture = fixture(settings -> new Core(settings) {
            @Override
            void await(Task<?> task, Verdict.Wait wait, Runnable release) {
                throw new IllegalStateException("a bug");
            }
        });
        probe.onQuiesced = () -> Step.await("w", Mono.never());
        fixture.run(A, probe);
        fixture.serve();
        assertThat(fixture.ends)
                .containsExactly(
                        "a failed java.lang.IllegalStateException: a bug",
                        "serve failed java.lang.IllegalStateException: a bug");
    }

    @Test
    void anErrorOfTheEngineInAWaitEndsItLoudly() {
        EngineFixture fixture = fixture(settings -> new Core(settings) {
            @Override
            Verdict failed(Task<?> task, Call call, Throwable error) {
                throw new IllegalStateException("a bug");
            }
        });
        probe.onQuiesced = () -> Step.await("w", Mono.error(new IllegalArgumentException("no")));
        fixture.run(A, probe);
        fixture.serve();
        assertThat(fixture.ends).contains("serve failed java.lang.IllegalStateException: a bug");
    }

    @Test
    void anErrorWhilePermitsAreGivenEndsTheEngineLoudly() {
        boolean[] broken = {false};
        EngineFixture fixture = new EngineFixture(b -> b.listener(new EngineListener() {
            @Override
            public void ready(StreamKey<?> key) {
                if (broken[0]) {
                    throw new AssertionError("not an exception");
                }
            }
        }));
        fixture.run(A, probe);
        fixture.serve();
        broken[0] = true;
        fixture.source.all();
        assertThat(fixture.ends).contains("serve failed java.lang.AssertionError: not an exception");
    }

    @Test
    void aWakeUpCostsAFewLooksAtTheQueue() {
        int[] looks = {0};
        EngineFixture fixture = fixture(settings -> new Core(settings) {
            @Override
            boolean isWokenTurn(int position) {
                looks[0]++;
                return super.isWokenTurn(position);
            }
        });
        fixture.run(A, probe);
        fixture.serve();
        looks[0] = 0;
        fixture.source.append(A, "1");
        assertThat(probe.log).endsWith("live 1", "caughtUp");
        assertThat(looks[0]).isBetween(1, 8);
    }

    @Test
    void anEngineThatStopsGivesNoPermitAndHearsNoSignals() {
        List<String> claimed = new ArrayList<>();
        EngineFixture fixture = fixture(settings -> new Core(settings) {
            @Override
            boolean claim(Task<?> task, int from) {
                claimed.add(task.toString());
                return super.claim(task, from);
            }
        });
        probe.onQuiesced = Mono::never;
        fixture.run(A, probe);
        fixture.serve();
        assertThat(claimed).containsExactly("a");
        fixture.engine.stop(Duration.ofSeconds(10)).subscribe();
        assertThat(fixture.source.subscribed).as("streams of wake-ups").hasValue(0);
        fixture.run(B, new Probe());
        fixture.run(G, new Probe());
        assertThat(claimed).containsExactly("a");
        assertThat(fixture.ends)
                .containsExactly(
                        "b failed java.util.concurrent.CancellationException: the engine was stopped",
                        "g failed java.util.concurrent.CancellationException: the engine was stopped");
    }
}
