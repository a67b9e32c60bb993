package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/**
 * What comes in the middle of a transition. The listener is called between its parts, so whatever happens there comes at the
 * worst moment: each test plays one life of an activity again and again and lets the same thing happen at each of its steps.
 */
class RacesTest {
    private static final TestKey A = TestKey.repo("a");
    private static final TestKey B = TestKey.repo("b");

    /** A life with a failure, a wait, one that ends with rest, news while it runs, a look at all and a gap, and one permit for it. */
    private static final class Life {
        final Probe probe = new Probe();
        final Run run = new Run();
        final EngineFixture fixture;
        final int moment;
        final Consumer<Life> race;
        boolean over;
        int begunBefore;

        @Nullable
        Core core;

        final List<String> heard = new ArrayList<>() {
            @Override
            public boolean add(String entry) {
                boolean added = super.add(entry);
                if (size() == moment + 1) {
                    over = true;
                    begunBefore = begun().size();
                    race.accept(Life.this);
                }
                return added;
            }
        };

        Life(int moment, Consumer<Life> race) {
            this.moment = moment;
            this.race = race;
            this.fixture = new EngineFixture(b -> b.limit(StreamClass.REPO, 1)
                    .listener(new LoggingListener(heard))
                    .core(settings -> core = new Core(settings)));
            probe.onQuiesced = () ->
                    Step.await("init", Mono.delay(Duration.ofSeconds(1), fixture.time).then(Step.rest()));
            int[] failures = {1};
            probe.onLive = event -> switch (event.body()) {
                case "fail" -> failures[0]-- > 0 ? Mono.error(new IllegalStateException("no")) : Step.next();
                case "wait" ->
                    Step.await(
                            "w", Mono.delay(Duration.ofSeconds(3), fixture.time).then(Step.next()));
                case "woken" -> {
                    fixture.source.wake(A);
                    yield Step.next();
                }
                case "quit" -> Step.quit();
                default -> Step.next();
            };
        }

        /** Goes on until the moment has come, and not beyond what that step does. */
        void live() {
            List<Runnable> steps = List.of(
                    () -> {
                        fixture.serve();
                        fixture.engine.run(A, probe).subscribe(run);
                    },
                    () -> fixture.passSeconds(1),
                    () -> fixture.source.append(A, "fail"),
                    () -> fixture.passSeconds(1),
                    () -> fixture.source.append(A, "wait"),
                    () -> fixture.passSeconds(3),
                    () -> fixture.source.append(A, "woken"),
                    fixture.source::all,
                    this::hole,
                    () -> fixture.passSeconds(1),
                    () -> fixture.source.append(A, "quit"));
            for (int i = 0; i < steps.size() && !over; i++) {
                steps.get(i).run();
            }
        }

        private void hole() {
            fixture.source.put(A, "lost");
            boolean[] hide = {true};
            fixture.source.script(A, (after, honest) -> {
                boolean hides = hide[0];
                hide[0] = false;
                return hides ? honest.skip(1) : honest;
            });
            fixture.source.append(A, "seen");
        }

        /** The callbacks that have begun. */
        List<String> begun() {
            return probe.log.stream().filter(entry -> !entry.equals("create")).toList();
        }

        Core core() {
            return Objects.requireNonNull(core);
        }

        List<String> heardAfter() {
            return heard.subList(moment + 1, heard.size());
        }

        @Override
        public String toString() {
            return "after " + heard.subList(0, moment + 1);
        }
    }

    /** Lets its Subscription be cancelled more than once and after the end. */
    private static final class Run extends BaseSubscriber<Void> {
        final List<String> ends = new ArrayList<>();

        @Nullable
        Subscription subscription;

        @Override
        protected void hookOnSubscribe(Subscription upstream) {
            subscription = upstream;
        }

        @Override
        protected void hookOnComplete() {
            ends.add("quit");
        }

        @Override
        protected void hookOnError(Throwable error) {
            ends.add(error.toString());
        }

        void cancelAgain() {
            Objects.requireNonNull(subscription).cancel();
        }
    }

    private static final List<String> LIFE = wholeLife();

    private static List<String> wholeLife() {
        Life life = new Life(-1, undisturbed -> {});
        life.live();
        return life.heard;
    }

    static IntStream moments() {
        return IntStream.range(0, LIFE.size());
    }

    @Test
    void theLifeHasEveryStep() {
        assertThat(LIFE)
                .contains("quiesced", "retry 1", "awaiting w", "awaiting init", "handled", "slept", "restarted")
                .endsWith("ready", "run", "handled", "quit")
                .hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("moments")
    void anOrderlyStopAtAnyMomentIsDoneAtOnceAndBeginsNothing(int moment) {
        List<String> stops = new ArrayList<>();
        Life life = new Life(
                moment,
                racing -> racing.fixture
                        .engine
                        .stop(Duration.ofSeconds(10))
                        .subscribe(v -> {}, e -> stops.add("failed"), () -> stops.add("done")));
        life.live();
        assertThat(stops).as("%s", life).containsExactly("done");
        assertThat(life.begun()).as("%s", life).hasSize(life.begunBefore);
        boolean quits = life.heard.contains("quit");
        assertThat(life.run.ends)
                .as("%s", life)
                .containsExactly(quits ? "quit" : "java.util.concurrent.CancellationException: the engine was stopped");
        assertThat(life.heardAfter()).as("%s", life).doesNotContain("run", "slept", "retry 1", "awaiting w", "awaiting init");
        assertThat(life.heard).as("%s", life).endsWith(quits ? "quit" : "stopped");
        assertThat(life.heard)
                .filteredOn(entry -> entry.equals("stopped") || entry.equals("quit"))
                .as("%s", life)
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("moments")
    void aCancelAtAnyMomentEndsTheActivityAndLeavesNothingBehind(int moment) {
        Life life = new Life(moment, racing -> {
            racing.run.cancelAgain();
            racing.run.cancelAgain();
        });
        life.live();
        boolean quits = LIFE.get(moment).equals("quit");
        assertThat(life.heardAfter()).as("%s", life).isEqualTo(quits ? List.of() : List.of("stopped"));
        assertThat(life.begun()).as("%s", life).hasSize(life.begunBefore);
        assertThat(life.run.ends).as("%s", life).isEqualTo(quits ? List.of("quit") : List.of());
        assertThat(life.fixture.source.open).as("%s", life).hasValue(0);
        assertThat(life.core().table.size()).as("%s", life).isZero();
        assertThat(life.core().queue(StreamClass.REPO).roster.size())
                .as("%s", life)
                .isZero();

        Probe other = new Probe();
        life.fixture.run(B, other);
        assertThat(other.log).as("gets the permit %s", life).containsExactly("create", "quiesced");
    }

    @ParameterizedTest
    @MethodSource("moments")
    void aWakeUpAtAnyMomentIsNotLost(int moment) {
        Life life = new Life(moment, racing -> {
            racing.fixture.source.put(A, "news");
            racing.fixture.source.wake(A);
        });
        life.live();
        life.fixture.passSeconds(3);
        if (!life.heard.contains("quit")) {
            assertThat(life.probe.log).as("%s", life).containsAnyOf("live news", "replay news");
            assertThat(life.heard).as("%s", life).endsWith("slept");
        }
    }

    @Test
    void aRunThatIsCancelledWhileItSubscribesLeavesNothingBehind() {
        Life life = new Life(-1, undisturbed -> {});
        life.fixture.serve();
        life.fixture.engine.run(A, life.probe).subscribe(new BaseSubscriber<Void>() {
            @Override
            protected void hookOnSubscribe(Subscription upstream) {
                upstream.cancel();
            }
        });
        assertThat(life.core().table.size()).isZero();
        assertThat(life.probe.log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Task.RUNNING, Task.AWAITING})
    void anActivityThatFallsAsleepWhileItIsToBeMarkedIsWoken(int from) {
        Life life = new Life(-1, undisturbed -> {});
        RacingTask task = new RacingTask(life.core(), from);
        life.core().wake(task);
        assertThat(task.state()).isEqualTo(Task.READY_WOKEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {Task.RUNNING, Task.AWAITING})
    void aLookAtAllFindsAnActivityThatFallsAsleepMeanwhile(int from) {
        Life life = new Life(-1, undisturbed -> {});
        RacingTask task = new RacingTask(life.core(), from);
        assertThat(life.core().claimOrMark(task)).isTrue();
        assertThat(task.state()).isEqualTo(Task.RUNNING);
    }

    /** Seen busy, and asleep a moment later. */
    private static final class RacingTask extends RootTask<String> {
        private final int from;
        private boolean seen;

        RacingTask(Core core, int from) {
            super(core, A, new Probe(), new Run());
            this.from = from;
            move(NEW, from);
        }

        @Override
        int state() {
            int now = super.state();
            if (!seen) {
                seen = true;
                move(from, SLEEPING);
            }
            return now;
        }
    }

    @Test
    void aTaskThatHasEndedTakesNothingMoreOn() {
        Life life = new Life(-1, undisturbed -> {});
        RootTask<String> task = new RootTask<>(life.core(), A, life.probe, new Run());
        assertThat(task.end()).isEqualTo(Task.NEW);
        assertThat(task.end()).isEqualTo(Task.ENDED);
        Run work = new Run();
        assertThat(task.hold(work)).isFalse();
        assertThat(work.isDisposed()).isTrue();
        assertThat(task.leaveRun(Task.SLEEPING)).isFalse();
        assertThat(task.state()).isEqualTo(Task.ENDED);
    }
}
