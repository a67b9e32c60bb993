package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a wake-up does in each state. The source says that it loses nothing, so there is no sweep to hide a mistake. */
class WakeupTest {
    private static final TestKey A = TestKey.repo("a");
    private static final TestKey B = TestKey.repo("b");

    private final List<String> heard = new ArrayList<>();
    private final EngineFixture fixture =
            new EngineFixture(b -> b.limit(StreamClass.REPO, 1).listener(new LoggingListener(heard)));
    private final ScriptedSource source = fixture.source;
    private final Probe probe = new Probe();

    private Sinks.Empty<Void> occupyThePermit() {
        Sinks.Empty<Void> end = Sinks.empty();
        Probe blocker = new Probe();
        blocker.onLive = event -> end.asMono().then(Step.next());
        fixture.run(B, blocker);
        source.append(B, "1");
        assertThat(blocker.log).endsWith("live 1");
        return end;
    }

    private static void end(Sinks.Empty<Void> sink) {
        sink.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
    }

    @Test
    void aSleepingActivityIsRun() {
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        assertThat(probe.log).endsWith("live 1", "caughtUp");
    }

    @Test
    void nothingIsReadWithoutAWakeUp() {
        fixture.run(A, probe);
        fixture.serve();
        source.put(A, "1");
        fixture.pass(Duration.ofHours(10));
        assertThat(source.reads).hasValue(1);
    }

    @Test
    void manyWakeUpsOfAReadyActivityAreOneTurn() {
        fixture.run(A, probe);
        fixture.serve();
        Sinks.Empty<Void> end = occupyThePermit();
        int before = source.reads.get();
        source.append(A, "1");
        source.append(A, "2");
        source.wake(A);
        end(end);
        assertThat(probe.log).endsWith("live 1", "live 2", "caughtUp");
        assertThat(source.reads.get() - before).isEqualTo(1);
    }

    @Test
    void aWakeUpWhileItRunsIsRemembered() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onQuiesced = () -> gate.asMono().then(Step.next());
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        source.append(A, "2");
        assertThat(probe.log).containsExactly("create", "quiesced");
        end(gate);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "live 2", "caughtUp");
        assertThat(source.reads).hasValue(2);
    }

    @Test
    void aWakeUpBetweenTheDeliveryOfTheEventsAndTheEndOfTheReadIsRemembered() {
        Sinks.Empty<Void> gate = Sinks.empty();
        source.script(
                A,
                (after, honest) ->
                        after.isEpoch() ? honest.concatWith(gate.asMono().then(Mono.empty())) : honest);
        fixture.run(A, probe);
        source.put(A, "1");
        fixture.serve();
        source.append(A, "2");
        end(gate);
        assertThat(probe.log).containsExactly("create", "replay 1", "quiesced", "live 2", "caughtUp");
    }

    @Test
    void anAwaitingActivityNeedsNoWakeUpToSeeWhatCame() {
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onQuiesced = () -> Step.await("w", gate.asMono().then(Step.next()));
        fixture.run(A, probe);
        fixture.serve();
        source.put(A, "1");
        int before = source.reads.get();
        source.wake(A);
        assertThat(source.reads).hasValue(before);
        end(gate);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void anActivityThatBacksOffIsNotRunEarlierByAWakeUp() {
        boolean[] fails = {true};
        probe.onLive = event -> fails[0] ? Mono.error(new IllegalStateException("no")) : Step.next();
        fixture.run(A, probe);
        fixture.serve();
        source.append(A, "1");
        fails[0] = false;
        source.append(A, "2");
        assertThat(probe.log).endsWith("quiesced", "live 1");
        fixture.passSeconds(1);
        assertThat(probe.log).endsWith("quiesced", "live 1", "live 1", "live 2", "caughtUp");
    }

    @Test
    void aNewActivityIsPromotedByAWakeUpAndRunsOnce() {
        fixture.serve();
        Sinks.Empty<Void> end = occupyThePermit();
        for (int i = 0; i < 20; i++) {
            fixture.run(TestKey.repo("load " + i), new Probe().named("load"));
        }
        fixture.run(A, probe);
        source.wake(A);
        heard.clear();
        end(end);
        assertThat(probe.log).containsExactly("create", "quiesced");
        assertThat(heard).filteredOn("run"::equals).hasSize(21);
    }

    @Test
    void aPromotedActivityOvertakesTheLoad() {
        fixture.serve();
        Sinks.Empty<Void> end = occupyThePermit();
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            fixture.run(TestKey.repo("load " + i), new Probe(order).named("load " + i));
        }
        fixture.run(A, new Probe(order).named("woken"));
        source.wake(A);
        end(end);
        assertThat(order.indexOf("woken quiesced")).isBetween(0, 3);
    }

    @Test
    void anAllLooksAtEverySleeperOnce() {
        fixture.run(A, probe);
        fixture.run(TestKey.repo("c"), new Probe());
        fixture.run(TestKey.general("d"), new Probe());
        fixture.serve();
        assertThat(source.reads).hasValue(3);
        source.put(A, "1");
        source.all();
        assertThat(source.reads).hasValue(6);
        assertThat(probe.log).endsWith("live 1", "caughtUp");
    }

    @Test
    void aSleeperThatAnAllFindsIsReadyBeforeItRuns() {
        fixture.run(A, probe);
        fixture.serve();
        heard.clear();
        source.all();
        assertThat(heard).containsExactly("ready", "run", "slept");
    }

    @Test
    void theFirstAllCostsOneReadOfEachActivity() {
        for (int i = 0; i < 50; i++) {
            fixture.run(TestKey.repo("r" + i), new Probe());
        }
        fixture.serve();
        assertThat(source.reads).hasValue(50);
    }

    @Test
    void anAllWhileItRunsIsRemembered() {
        // With a second permit the pass comes by while the activity runs.
        EngineFixture two = new EngineFixture(b -> b.limit(StreamClass.REPO, 2));
        Sinks.Empty<Void> gate = Sinks.empty();
        probe.onQuiesced = () -> gate.asMono().then(Step.next());
        two.run(A, probe);
        two.serve();
        two.source.put(A, "1");
        two.source.all();
        end(gate);
        assertThat(probe.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void anAllDuringTheLoadDoesNotReadTwiceWhatHasNotBeenReadYet() {
        fixture.serve();
        Sinks.Empty<Void> end = occupyThePermit();
        int before = source.reads.get();
        for (int i = 0; i < 20; i++) {
            fixture.run(TestKey.repo("load " + i), new Probe());
        }
        source.all();
        end(end);
        // The twenty, and the blocker, which was running when the All came.
        assertThat(source.reads.get() - before).isEqualTo(21);
    }

    @Test
    void repeatedAllsStarveNobody() {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            TestKey key = TestKey.repo("r" + i);
            Probe each = new Probe();
            source.script(key, (after, honest) -> honest.delaySubscription(Duration.ofMillis(100), fixture.time));
            fixture.run(key, each);
            probes.add(each);
        }
        fixture.serve();
        fixture.passSeconds(5);
        for (int i = 0; i < 30; i++) {
            source.put(TestKey.repo("r" + i), "1");
        }
        for (int i = 0; i < 10; i++) {
            source.all();
            fixture.passSeconds(1);
        }
        assertThat(probes).allSatisfy(each -> assertThat(each.log).endsWith("live 1", "caughtUp"));
    }
}
