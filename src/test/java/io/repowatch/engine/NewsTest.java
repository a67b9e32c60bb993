package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** When a turn is content with what wake-ups have told, and when it reads what exists. */
class NewsTest {
    private static final TestKey A = TestKey.repo("a");

    private final EngineFixture fixture = new EngineFixture(b -> b.limit(StreamClass.REPO, 1));
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();

    private void expect(int reads, int news) {
        assertThat(source.reads.get() - source.news.get()).as("reads").isEqualTo(reads);
        assertThat(source.news).as("news").hasValue(news);
    }

    @Test
    void theHistoryIsReadAndWhatWakesASleeperIsNews() {
        source.put(A, "1");
        fixture.run(A, probe);
        fixture.serve();
        expect(1, 0);
        source.append(A, "2");
        source.append(A, "3");
        assertThat(probe.log).endsWith("live 2", "caughtUp", "live 3", "caughtUp");
        expect(1, 2);
    }

    @Test
    void aWakeUpDuringTheTurnIsNews() {
        fixture.run(A, probe);
        fixture.serve();
        Sinks.Empty<Void> end = Sinks.empty();
        probe.onLive = event -> end.asMono().then(Step.next());
        source.append(A, "1");
        source.append(A, "2");
        end.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(probe.log).endsWith("live 1", "caughtUp", "live 2", "caughtUp");
        expect(1, 2);
    }

    @Test
    void aWakeUpBeforeTheHistoryIsReadIsNotNews() {
        fixture.subscribe();
        fixture.run(A, probe);
        source.append(A, "1");
        source.all();
        assertThat(probe.log).containsExactly("create", "replay 1", "quiesced");
        expect(1, 0);
    }

    @Test
    void afterAWaitEverythingIsRead() {
        fixture.run(A, probe);
        fixture.serve();
        Sinks.Empty<Void> written = Sinks.empty();
        probe.onLive = event -> Step.await("command", written.asMono().then(Step.next()));
        source.append(A, "1");
        expect(1, 1);
        // What the wait itself writes nobody has told when it ends.
        source.put(A, "2");
        probe.onLive = event -> Step.next();
        written.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(probe.log).endsWith("live 1", "live 2", "caughtUp");
        expect(2, 1);
        source.append(A, "3");
        expect(2, 2);
    }

    @Test
    void afterAFailureEverythingIsRead() {
        fixture.run(A, probe);
        fixture.serve();
        probe.onLive = event -> Mono.error(new IllegalStateException("no"));
        source.append(A, "1");
        expect(1, 1);
        probe.onLive = event -> Step.next();
        fixture.passSeconds(10);
        assertThat(probe.log).endsWith("live 1", "caughtUp");
        expect(2, 1);
    }

    @Test
    void whereSomethingMayHaveBeenMissedEverythingIsRead() {
        fixture.run(A, probe);
        fixture.serve();
        source.put(A, "1");
        source.all();
        assertThat(probe.log).endsWith("live 1", "caughtUp");
        expect(2, 0);
    }

    @Test
    void aWakeUpThatComesWithSuchADoubtIsNotNews() {
        fixture.run(A, probe);
        fixture.serve();
        TestKey other = TestKey.repo("other");
        Probe busy = new Probe();
        Sinks.Empty<Void> end = Sinks.empty();
        busy.onQuiesced = () -> end.asMono().then(Step.next());
        fixture.run(other, busy);
        source.put(A, "1");
        source.wake(A);
        source.all();
        end.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(probe.log).endsWith("live 1", "caughtUp");
        assertThat(source.news).hasValue(0);
    }

    @Test
    void theSweepReads() {
        ScriptedSource lossy = new ScriptedSource(false);
        EngineFixture swept = new EngineFixture(lossy, b -> b);
        swept.run(A, probe);
        swept.serve();
        lossy.put(A, "1");
        swept.pass(Duration.ofHours(2));
        assertThat(probe.log).endsWith("live 1", "caughtUp");
        assertThat(lossy.news).hasValue(0);
    }
}
