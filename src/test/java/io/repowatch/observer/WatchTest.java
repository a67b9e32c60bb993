package io.repowatch.observer;

import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.initRepo;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.engine.Event;
import io.repowatch.engine.EventSource;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRepo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What {@link Observer#watch()} and {@link Observer#stop} promise. */
class WatchTest {
    private final Scenario s = Scenario.builder()
            .config(config -> config.prefix("/own").observationBuffer(16))
            .build();
    private final ScriptedRepo a = s.repo("/own/a");

    @AfterEach
    void close() {
        s.close();
    }

    @Test
    void observationsComeInTheOrderInWhichThingsHappen() {
        s.given(a.added(), a.initStarted(), a.shadowCreated());
        StepVerifier.create(s.watch())
                .then(() -> s.advance(Duration.ofSeconds(1)))
                .expectNext(new Observation.RegistryLoaded(Scenario.REGISTRY, 1))
                .assertNext(observation -> assertThat(observation)
                        .isInstanceOfSatisfying(Observation.Enabled.class, enabled -> {
                            assertThat(enabled.repo()).isEqualTo(a.id());
                            assertThat(enabled.rule()).isEqualTo("quiet.enable");
                        }))
                .expectNext(new Observation.Quiesced(a.id()))
                .then(() -> s.when(a.gitlabAccepted()).advance(Duration.ofSeconds(1)))
                .assertNext(observation -> assertThat(observation)
                        .isInstanceOfSatisfying(Observation.ActionDone.class, done -> {
                            assertThat(done.operation()).isEqualTo(Operation.GITLAB);
                            assertThat(done.rule()).isEqualTo("live.gitlab-accepted");
                            assertThat(done.cause())
                                    .isEqualTo(s.registry().state(a.id()).tail());
                        }))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void aStopInOrderBeginsNoFurtherActionOfAList() {
        Sinks.Empty<Void> enabling = Sinks.empty();
        Processor slow = new Processor() {
            @Override
            public Mono<Void> enable(RepoInfo info) {
                return enabling.asMono();
            }

            @Override
            public Mono<Void> disable(UUID repo) {
                return Mono.empty();
            }
        };
        try (Scenario one = Scenario.builder()
                .config(config -> config.prefix("/own"))
                .processor(slow)
                .build()) {
            ScriptedRepo b = one.repo("/own/b");
            one.given(b.added(), b.initStarted(), b.shadowCreated(), b.gitlabAccepted())
                    .start()
                    .advance(Duration.ofSeconds(1))
                    .nowExactly(getRepo(b), enable(b));
            StepVerifier.create(one.observer().stop(Duration.ofSeconds(5)))
                    .then(() -> one.advance(Duration.ofSeconds(1)))
                    .expectNoEvent(Duration.ZERO)
                    .then(() -> assertThat(enabling.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK))
                    .then(() -> one.advance(Duration.ofSeconds(1)))
                    .verifyComplete();
            one.nowExactly();
            assertThat(one.completed()).isTrue();
        }
    }

    @Test
    void aStopWhoseCallerGoesAwayStillEndsTheWatchOnlyWhenNothingRuns() {
        s.ports().hang(initRepo(a));
        s.given(a.added(), a.initStarted()).start().advance(Duration.ofSeconds(1));
        Disposable caller = s.observer().stop(Duration.ofSeconds(30)).subscribe();
        s.advance(Duration.ofSeconds(1));
        caller.dispose();
        s.advance(Duration.ofSeconds(1));
        assertThat(s.ports().running()).isOne();
        assertThat(s.completed()).isFalse();
        StepVerifier.create(s.observer().stop(Duration.ZERO)).verifyComplete();
        s.advance(Duration.ofSeconds(1));
        assertThat(s.ports().running()).isZero();
        assertThat(s.completed()).isTrue();
    }

    @Test
    void aSecondSubscriberIsRefusedAndTheFirstIsNotDisturbed() {
        s.given(a.added(), a.initStarted()).start().then(initRepo(a));
        StepVerifier.create(s.observer().watch())
                .expectError(IllegalStateException.class)
                .verify(Duration.ofSeconds(10));
        s.when(a.shadowCreated()).advance(Duration.ofSeconds(1));
        assertThat(s.enabled()).containsKey(a.id());
    }

    @Test
    void aSubscriberThatAsksForNothingSlowsNobodyAndIsToldWhatItMissed() {
        for (int i = 0; i < 100; i++) {
            ScriptedRepo repo = s.repo("/own/r" + i);
            s.given(repo.added(), repo.initStarted(), repo.shadowCreated());
        }
        StepVerifier.create(s.watch(), 0)
                .then(() -> s.advance(Duration.ofSeconds(1)))
                .then(() -> assertThat(s.enabled()).hasSize(100))
                .thenRequest(1)
                // The registry, and two for each repo, of which the newest 16 are kept.
                .expectNext(new Observation.Lagged(201 - 16))
                .thenRequest(Long.MAX_VALUE)
                .expectNextCount(16)
                .then(() -> s.when(a.initStarted(), a.added()).advance(Duration.ofSeconds(1)))
                .assertNext(observation -> assertThat(observation).isInstanceOf(Observation.ActionDone.class))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void stopWaitsForARunningCallbackUntilTheDeadlineAndThenTheStreamCompletes() {
        s.ports().hang(initRepo(a));
        s.given(a.added(), a.initStarted()).start().advance(Duration.ofSeconds(1));
        StepVerifier.create(s.observer().stop(Duration.ofSeconds(10)))
                .then(() -> s.advance(Duration.ofSeconds(9)))
                .then(() -> assertThat(s.ports().running()).isEqualTo(1))
                .then(() -> s.advance(Duration.ofSeconds(2)))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
        s.advance(Duration.ZERO);
        assertThat(s.completed()).isTrue();
        assertThat(s.ports().running()).isZero();
        s.when(a.shadowCreated()).advance(Duration.ofHours(2));
        assertThat(s.enabled()).isEmpty();
    }

    @Test
    void stopWithoutAnythingRunningCompletesAtOnce() {
        StepVerifier.create(s.observer().stop(Duration.ofSeconds(1)))
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void cancellingStopsEverythingAndTheObserverCanBeWatchedAgain() {
        s.ports().hang(initRepo(a));
        s.given(a.added(), a.initStarted()).start().advance(Duration.ofSeconds(1));
        assertThat(s.ports().running()).isEqualTo(1);
        s.crash().advance(Duration.ofSeconds(1));
        assertThat(s.ports().running()).isZero();
        assertThat(s.registry().openReads()).isZero();
        s.start().advance(Duration.ofSeconds(1));
        assertThat(s.ports().running()).isEqualTo(1);
    }

    @Test
    void aSourceThatGivesUpEndsTheWatchWithItsError() {
        EventSource broken = new EventSource() {
            @Override
            public Flux<Wakeup> wakeups() {
                return Flux.error(new IllegalArgumentException("no such registry server"));
            }

            @Override
            public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
                return Flux.empty();
            }
        };
        Observer observer = Observer.builder(
                        ObserverConfig.builder().registry("reg").prefix("/own").build())
                .source(broken)
                .commands(s.registry())
                .initializer(new Initializer() {
                    @Override
                    public Mono<RepoInfo> getRepo(RepoState state) {
                        return Mono.never();
                    }

                    @Override
                    public Mono<Void> initRepo(RepoState state) {
                        return Mono.never();
                    }

                    @Override
                    public Mono<Void> enableGitlab(RepoState state) {
                        return Mono.never();
                    }
                })
                .processor(new Processor() {
                    @Override
                    public Mono<Void> enable(RepoInfo info) {
                        return Mono.never();
                    }

                    @Override
                    public Mono<Void> disable(UUID repo) {
                        return Mono.never();
                    }
                })
                .callbacks(s.time())
                .timer(s.time())
                .clock(InstantSource.system())
                .random(new SplittableRandom(1))
                .build();
        StepVerifier.create(observer.watch().subscribeOn(s.time()))
                .expectErrorMessage("no such registry server")
                .verify(Duration.ofSeconds(10));
    }
}
