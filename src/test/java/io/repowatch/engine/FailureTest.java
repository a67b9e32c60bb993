package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class FailureTest {
    private static final TestKey A = TestKey.repo("a");

    private final List<String> heard = new ArrayList<>();
    private final EngineFixture fixture = new EngineFixture(b -> b.listener(new LoggingListener(heard)));
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();

    /** Fails a number of times, then answers next. */
    private static Supplier<Mono<Step>> failing(int times) {
        int[] left = {times};
        return () -> left[0]-- > 0 ? Mono.error(new IllegalStateException("no")) : Step.next();
    }

    private void start() {
        fixture.run(A, probe);
        fixture.serve();
    }

    @Test
    void aFailedReadGoesOnAfterTheLastHandledEventWithTheSameInstance() {
        source.put(A, "1");
        source.put(A, "2");
        source.script(A, (after, honest) -> honest.take(1).concatWith(Flux.error(new IllegalStateException("cut"))));
        start();
        assertThat(probe.log).containsExactly("create", "replay 1");
        source.unscript(A);
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "replay 1", "replay 2", "quiesced");
    }

    @Test
    void aReadThatCannotBeOpenedIsRetried() {
        source.script(A, (after, honest) -> {
            throw new IllegalStateException("no connection");
        });
        start();
        source.unscript(A);
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "quiesced");
    }

    @Test
    void afterAFailedQuiescedNewEventsAreFoldedFirst() {
        probe.onQuiesced = failing(1);
        source.put(A, "1");
        start();
        source.append(A, "2");
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "replay 1", "quiesced", "replay 2", "quiesced");
    }

    @Test
    void aFailedEventIsDeliveredAgainAndTheNextWaits() {
        Supplier<Mono<Step>> answers = failing(2);
        probe.onLive = event -> answers.get();
        start();
        source.append(A, "1", "2");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1");
        fixture.passSeconds(60);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 1", "live 1", "live 2", "caughtUp");
    }

    @Test
    void aThrownExceptionIsAFailureLikeAnyOther() {
        int[] left = {1};
        probe.onLive = event -> {
            if (left[0]-- > 0) {
                throw new IllegalStateException("thrown");
            }
            return Step.next();
        };
        start();
        source.append(A, "1");
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 1", "caughtUp");
    }

    @Test
    void aFailedCaughtUpIsOwedAlsoWithoutNewEvents() {
        probe.onCaughtUp = failing(1);
        start();
        source.append(A, "1");
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp", "caughtUp");
        fixture.passSeconds(100);
        assertThat(probe.log).hasSize(5);
    }

    @Test
    void aFailedReplayStartsANewInstanceFromTheEpochAfterBackOff() {
        int[] left = {1};
        probe.onReplay = event -> {
            if (event.body().equals("2") && left[0]-- > 0) {
                throw new IllegalStateException("unreadable");
            }
        };
        source.put(A, "1");
        source.put(A, "2");
        start();
        assertThat(probe.log).containsExactly("create", "replay 1", "replay 2");
        fixture.passSeconds(1);
        assertThat(probe.log)
                .containsExactly("create", "replay 1", "replay 2", "create", "replay 1", "replay 2", "quiesced");
    }

    @Test
    void aReplayThatAlwaysFailsBacksOffLongerAndLonger() {
        probe.onReplay = event -> {
            if (event.body().equals("2")) {
                throw new IllegalStateException("unreadable");
            }
        };
        source.put(A, "1");
        source.put(A, "2");
        start();
        fixture.pass(Duration.ofMinutes(10));
        assertThat(heard).contains("retry 12").doesNotContain("retry 30");
    }

    @Test
    void anUnknownPositionStartsANewInstanceFromTheEpoch() {
        source.put(A, "1");
        start();
        source.script(
                A, (after, honest) -> after.isEpoch() ? honest : Flux.error(new PositionUnknownException(A, after)));
        source.append(A, "2");
        fixture.passSeconds(1);
        assertThat(probe.log)
                .containsExactly("create", "replay 1", "quiesced", "create", "replay 1", "replay 2", "quiesced");
    }

    @Test
    void aFactoryThatFailsIsAskedAgain() {
        int[] left = {1};
        fixture.run(A, (key, scope) -> {
            if (left[0]-- > 0) {
                throw new IllegalStateException("not yet");
            }
            return probe.create(key, scope);
        });
        fixture.serve();
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "quiesced");
    }

    @Test
    void theNextSuccessOfACallbackResetsTheBackOff() {
        Supplier<Mono<Step>> first = failing(3);
        Supplier<Mono<Step>> second = failing(2);
        probe.onLive = event -> event.body().equals("1") ? first.get() : second.get();
        start();
        source.append(A, "1", "2");
        fixture.passSeconds(60);
        assertThat(heard)
                .filteredOn(what -> what.startsWith("retry"))
                .containsExactly("retry 1", "retry 2", "retry 3", "retry 1", "retry 2");
    }

    @Test
    void aReadThatEndsWellResetsTheBackOffToo() {
        start();
        for (int i = 0; i < 3; i++) {
            source.script(A, (after, honest) -> Flux.error(new IllegalStateException("cut")));
            source.wake(A);
            source.unscript(A);
            fixture.passSeconds(1);
        }
        assertThat(heard)
                .filteredOn(what -> what.startsWith("retry"))
                .containsOnly("retry 1")
                .hasSize(3);
    }

    @Test
    void eachActivityBacksOffForItself() {
        probe.onQuiesced = failing(5);
        start();
        fixture.passSeconds(10);
        Probe other = new Probe();
        other.onQuiesced = failing(1);
        fixture.run(TestKey.repo("b"), other);
        heard.clear();
        fixture.passSeconds(1);
        assertThat(other.log).containsExactly("create", "quiesced", "quiesced");
    }

    @Test
    void anErrorThatIsFatalToTheJvmEndsTheEngineLoudly() {
        probe.onLive = event -> {
            throw new StackOverflowError("deep");
        };
        start();
        source.append(A, "1");
        assertThat(fixture.ends)
                .containsExactly(
                        "a failed java.lang.StackOverflowError: deep",
                        "serve failed java.lang.StackOverflowError: deep");
        assertThat(source.open).hasValue(0);
    }

    @Test
    void aFatalErrorInAReplayEndsTheEngineLoudly() {
        probe.onReplay = event -> {
            throw new NoClassDefFoundError("gone");
        };
        source.put(A, "1");
        start();
        assertThat(fixture.ends).contains("serve failed java.lang.NoClassDefFoundError: gone");
    }

    @Test
    void aFatalErrorThatACallbackSignalsEndsTheEngineLoudly() {
        probe.onLive = event -> Step.await("w", Mono.error(new StackOverflowError("deep")));
        start();
        source.append(A, "1");
        assertThat(fixture.ends).contains("serve failed java.lang.StackOverflowError: deep");
    }

    @Test
    void eventsAreReadFromWhereTheActivityIs() {
        List<Vid> positions = new ArrayList<>();
        source.script(A, (after, honest) -> {
            positions.add(after);
            return honest;
        });
        Vid first = source.put(A, "1");
        start();
        source.append(A, "2");
        assertThat(positions).containsExactly(Vid.EPOCH, first);
    }
}
