package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class AwaitTest {
    private static final TestKey A = TestKey.repo("a");
    private static final TestKey B = TestKey.repo("b");

    private final EngineFixture fixture = new EngineFixture(b -> b.limit(StreamClass.REPO, 1));
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();
    private final Sinks.One<Step> outcome = Sinks.one();

    private void emit(Supplier<Mono<Step>> step) {
        outcome.emitValue(step.get().block(), Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private void waitInLive() {
        probe.onLive = event -> event.body().equals("wait") ? Step.await("w", outcome.asMono()) : Step.next();
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "wait", "after");
        assertThat(probe.log).containsExactly("create", "quiesced", "live wait");
    }

    @Test
    void theNextEventComesOnlyAfterTheOutcomeAndThenCaughtUp() {
        waitInLive();
        source.append(A, "later");
        assertThat(probe.log).hasSize(3);
        emit(Step::next);
        assertThat(probe.log)
                .containsExactly("create", "quiesced", "live wait", "live after", "live later", "caughtUp");
    }

    @Test
    void anEmptyOutcomeMeansGoOn() {
        waitInLive();
        outcome.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(probe.log).containsExactly("create", "quiesced", "live wait", "live after", "caughtUp");
    }

    @Test
    void caughtUpIsOwedAfterAWaitWithoutNewEvents() {
        probe.onQuiesced = () -> Step.await("w", outcome.asMono());
        fixture.run(A, probe);
        fixture.serve();
        assertThat(probe.log).containsExactly("create", "quiesced");
        emit(Step::next);
        assertThat(probe.log).containsExactly("create", "quiesced", "caughtUp");
    }

    @Test
    void theReadIsClosedAndThePermitFreeBeforeTheOutcomeIsSubscribed() {
        List<String> order = new ArrayList<>();
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onLive = event -> gate.asMono().then(Step.await("w", Mono.defer(() -> {
            order.add("wait with " + source.open.get() + " open reads");
            return Mono.never();
        })));
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1", "2");
        // The only permit is taken, so this one waits for it.
        fixture.run(B, new Probe(order).named("b"));
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(order)
                .startsWith("b create")
                .containsExactlyInAnyOrder("b create", "b quiesced", "wait with 0 open reads");
    }

    @Test
    void theOutcomeIsSubscribedOnce() {
        int[] subscriptions = {0};
        probe.onLive = event -> Step.await("w", outcome.asMono().doOnSubscribe(s -> subscriptions[0]++));
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        source.all();
        source.wake(A);
        assertThat(subscriptions).containsExactly(1);
    }

    @Test
    void theOutcomeMayQuit() {
        waitInLive();
        emit(Step::quit);
        assertThat(fixture.ends).containsExactly("a quit");
        assertThat(probe.log).hasSize(3);
    }

    @Test
    void theOutcomeMayWaitAgain() {
        Sinks.One<Step> second = Sinks.one();
        waitInLive();
        emit(() -> Step.await("more", second.asMono()));
        source.wake(A);
        assertThat(probe.log).hasSize(3);
        second.emitValue(Step.Next.INSTANCE, Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(probe.log).containsExactly("create", "quiesced", "live wait", "live after", "caughtUp");
    }

    @Test
    void aFailedOutcomeIsAFailureOfTheCallback() {
        waitInLive();
        outcome.emitError(new IllegalStateException("no"), Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(probe.log).hasSize(3);
        probe.onLive = event -> Step.next();
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "quiesced", "live wait", "live wait", "live after", "caughtUp");
    }

    @Test
    void aFailedOutcomeOfQuiescedFoldsWhatHasComeMeanwhile() {
        probe.onQuiesced = () -> Step.await("w", outcome.asMono());
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        outcome.emitError(new IllegalStateException("no"), Sinks.EmitFailureHandler.FAIL_FAST);
        probe.onQuiesced = Step::next;
        fixture.passSeconds(1);
        assertThat(probe.log).containsExactly("create", "quiesced", "replay 1", "quiesced");
    }

    @Test
    void caughtUpMayWait() {
        probe.onCaughtUp = () -> {
            probe.onCaughtUp = Step::next;
            return Step.await("w", outcome.asMono());
        };
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        emit(Step::next);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp", "caughtUp");
    }

    @Test
    void cancellingTheActivityCancelsTheOutcome() {
        boolean[] cancelled = {false};
        probe.onLive = event -> Step.await("w", Mono.<Step>never().doOnCancel(() -> cancelled[0] = true));
        Disposable run = fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        assertThat(cancelled).containsExactly(false);
        run.dispose();
        assertThat(cancelled).containsExactly(true);
    }

    private void waitWhenQuiesced() {
        probe.onQuiesced = () -> Step.await("w", outcome.asMono());
        fixture.run(A, probe);
        fixture.serve();
        assertThat(probe.log).containsExactly("create", "quiesced");
        assertThat(source.reads).hasValue(1);
    }

    @Test
    void aWaitThatEndsWithRestReadsNothingWithoutAWakeUp() {
        waitWhenQuiesced();
        source.put(A, "untold");
        emit(Step::rest);
        assertThat(source.reads).hasValue(1);
        source.append(A, "told");
        assertThat(probe.log).containsExactly("create", "quiesced", "live untold", "live told", "caughtUp");
        assertThat(source.reads).hasValue(2);
    }

    @Test
    void aWakeUpDuringAWaitThatEndsWithRestIsFollowed() {
        waitWhenQuiesced();
        source.append(A, "1");
        assertThat(source.reads).hasValue(1);
        emit(Step::rest);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void aWakeUpBetweenTheReadAndTheWaitIsFollowedAfterRest() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onQuiesced = () -> gate.asMono().then(Step.await("w", outcome.asMono()));
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        emit(Step::rest);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void thatEverythingIsToBeLookedAtIsNotedDuringAWaitThatEndsWithRest() {
        waitWhenQuiesced();
        source.put(A, "1");
        source.all();
        assertThat(source.reads).hasValue(1);
        emit(Step::rest);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void restAtALiveEventReadsWhatIsBehindIt() {
        waitInLive();
        emit(Step::rest);
        assertThat(probe.log).containsExactly("create", "quiesced", "live wait", "live after", "caughtUp");
    }

    @Test
    void restWithoutAWaitIsNext() {
        probe.onLive = event -> Step.rest();
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1", "2");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 2", "caughtUp");
    }

    @Test
    void aTaskThatRestsIsToldToSleepAndEndsWithTheEngine() {
        waitWhenQuiesced();
        emit(Step::rest);
        assertThat(fixture.engine.activities())
                .containsEntry(StreamClass.REPO, Map.of(ActivityState.SLEEPING, 1L));
        fixture.engine.stop(Duration.ZERO).block();
        assertThat(fixture.engine.activities()).isEmpty();
    }
}
