package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

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
    void anAwaitReturnsItsOutcomeInTheEventsPlace() {
        Sinks.One<Step> outcome = Sinks.one();
        probe.onLive = event -> event.body().equals("wait") ? Step.await("w", outcome.asMono()) : Step.next();
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "wait", "after");
        assertThat(probe.log).containsExactly("create", "quiesced", "live wait");
        assertThat(source.open).hasValue(0);

        outcome.emitValue(Step.Next.INSTANCE, Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(probe.log).containsExactly("create", "quiesced", "live wait", "live after", "caughtUp");
    }

    @Test
    void aFailedEventIsDeliveredAgainAfterBackOff() {
        int[] failures = {2};
        probe.onLive = event -> failures[0]-- > 0 ? Mono.error(new IllegalStateException("no")) : Step.next();
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1");
        fixture.passSeconds(60);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 1", "live 1", "caughtUp");
    }

    @Test
    void quitCompletesTheRun() {
        probe.onLive = event -> Step.quit();
        fixture.run(A, probe);
        fixture.run(B, new Probe());
        fixture.serve();
        source.append(A, "1");
        assertThat(fixture.ends).containsExactly("a quit");
    }
}
