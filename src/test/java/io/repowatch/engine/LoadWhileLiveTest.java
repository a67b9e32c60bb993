package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * A long initial load while events arrive for activities that are live already: 1,000 in a second, as many turns as permits can
 * make in twice that time. Loading turns are counted that begin while a woken activity waits.
 */
class LoadWhileLiveTest {
    private static final int LIVE = 500;
    private static final int LOAD = 5_000;
    private static final int PERMITS = 10;
    private static final int EVENTS = 4_000;

    /** What happened. */
    private record Outcome(int mostLoadsWhileOneWaited, int handled, int loaded, int loadedDuringTheEvents) {}

    private static Outcome play(Function<Settings, Core> core) {
        int[] loads = {0};
        int[] most = {0};
        int[] handled = {0};
        int[] loaded = {0};
        Map<StreamKey<?>, Integer> waiting = new HashMap<>();
        EngineFixture fixture =
                new EngineFixture(b -> b.core(core).limit(StreamClass.REPO, PERMITS).listener(new EngineListener() {
                    @Override
                    public void ready(StreamKey<?> key) {
                        if (key.toString().startsWith("live")) {
                            waiting.put(key, loads[0]);
                        }
                    }

                    @Override
                    public void run(StreamKey<?> key) {
                        Integer since = waiting.remove(key);
                        if (since != null) {
                            most[0] = Math.max(most[0], loads[0] - since);
                        } else {
                            loads[0]++;
                        }
                    }
                }));
        for (int i = 0; i < LIVE; i++) {
            Probe probe = new Probe();
            probe.onLive = event -> {
                handled[0]++;
                return Mono.delay(Duration.ofMillis(5), fixture.time).then(Step.next());
            };
            fixture.run(TestKey.repo("live " + i), probe);
        }
        fixture.serve();
        fixture.passSeconds(1);
        for (int i = 0; i < LOAD; i++) {
            Probe probe = new Probe();
            probe.onQuiesced = () -> {
                loaded[0]++;
                return Mono.delay(Duration.ofMillis(5), fixture.time).then(Step.next());
            };
            fixture.run(TestKey.repo("load " + i), probe);
        }
        most[0] = 0;
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < EVENTS; i++) {
            fixture.source.append(TestKey.repo("live " + random.nextInt(LIVE)), "e");
            fixture.pass(Duration.ofMillis(1));
        }
        int during = loaded[0];
        fixture.passSeconds(60);
        return new Outcome(most[0], handled[0], loaded[0], during);
    }

    @Test
    void aWokenActivityWaitsForAtMostFourLoadingTurnsPerPermitAndTheLoadGoesOn() {
        Outcome outcome = play(Core::new);
        assertThat(outcome.mostLoadsWhileOneWaited()).isLessThanOrEqualTo(4 * PERMITS);
        assertThat(outcome.handled()).isEqualTo(EVENTS);
        assertThat(outcome.loaded()).isEqualTo(LOAD);
        // Half of the turns are free for it; alone it would have been through in 2,500 ms.
        assertThat(outcome.loadedDuringTheEvents()).isGreaterThan(LOAD / 2);
    }

    @Test
    void anEngineThatLetsTheLoadStarveNewsIsSeen() {
        assertThat(play(Mutant.LETS_THE_LOAD_STARVE_NEWS.core).mostLoadsWhileOneWaited())
                .isGreaterThan(4 * PERMITS);
    }
}
