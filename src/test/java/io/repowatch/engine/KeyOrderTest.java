package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * Row 9 of the benchmarks, small and in virtual time, in which the engine itself takes none: events that take a while, in order for
 * each key, on a few permits, in about the time that is needed at least.
 */
class KeyOrderTest {
    private static final int EVENTS = 2000;
    private static final int LIMIT = 20;
    private static final int TURN = 8;
    private static final long SEED = 5;
    private static final Duration STEP = Duration.ofNanos(100_000);
    private static final int MOST_STEPS = 50;

    private final EngineFixture fixture = new EngineFixture(b -> b.limit(StreamClass.REPO, LIMIT));
    private final Random random = new Random(SEED);
    private int inFlight;
    private int mostInFlight;
    private int handled;
    private long lastEnd;

    private static TestKey key(int i) {
        return TestKey.repo("k" + i);
    }

    /** Every event's body is how many steps it takes. */
    private Mono<Step> work(Event<String> event) {
        mostInFlight = Math.max(mostInFlight, ++inFlight);
        return Mono.delay(STEP.multipliedBy(Integer.parseInt(event.body())), fixture.time)
                .then(Mono.<Step>fromRunnable(() -> {
                    inFlight--;
                    handled++;
                    lastEnd = fixture.time.now(TimeUnit.NANOSECONDS);
                }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 200, 2000})
    void eventsAreInOrderForEachKeyAndTakeHardlyLongerThanTheWorkAllows(int keys) {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            Probe probe = new Probe();
            probe.onLive = this::work;
            probes.add(probe);
            fixture.run(key(i), probe);
        }
        fixture.serve();
        assertThat(fixture.source.reads).as("reads of empty streams").hasValue(keys);

        List<List<String>> bodies = IntStream.range(0, keys)
                .mapToObj(i -> (List<String>) new ArrayList<String>())
                .toList();
        for (int i = 0; i < EVENTS; i++) {
            String body = "" + random.nextInt(MOST_STEPS + 1);
            bodies.get(i % keys).add(body);
            fixture.source.put(key(i % keys), body);
        }
        long begun = fixture.time.now(TimeUnit.NANOSECONDS);
        IntStream.range(0, keys).forEach(i -> fixture.source.wake(key(i)));
        while (handled < EVENTS) {
            fixture.pass(STEP);
        }

        for (int i = 0; i < keys; i++) {
            assertThat(probes.get(i).log.stream().filter(line -> line.startsWith("live ")))
                    .as("seed %d, key %d", SEED, i)
                    .isEqualTo(
                            bodies.get(i).stream().map(body -> "live " + body).collect(Collectors.toList()));
        }
        assertThat(mostInFlight).isEqualTo(Math.min(keys, LIMIT));
        int turns = IntStream.range(0, keys)
                .map(i -> (bodies.get(i).size() + TURN - 1) / TURN)
                .sum();
        assertThat(fixture.source.reads.get() - keys).isBetween(keys, keys > LIMIT ? turns : keys);
        long[] steps = bodies.stream()
                .mapToLong(key -> key.stream().mapToLong(Long::parseLong).sum())
                .toArray();
        double bound = Math.max(
                        Arrays.stream(steps).max().orElseThrow(),
                        Arrays.stream(steps).sum() / (double) LIMIT)
                * STEP.toNanos();
        assertThat((lastEnd - begun) / bound).as("seed %d", SEED).isLessThan(1.05);
    }

    @Test
    void aLongBacklogLetsOthersHaveThePermit() {
        EngineFixture one = new EngineFixture(b -> b.limit(StreamClass.REPO, 1));
        List<String> log = new ArrayList<>();
        Probe busy = new Probe(log).named("a");
        busy.onLive = event -> Mono.delay(Duration.ofMillis(1), one.time).then(Step.next());
        one.run(key(0), busy);
        one.run(key(1), new Probe(log).named("b"));
        one.serve();
        log.clear();
        int before = one.source.reads.get();
        one.source.append(key(0), IntStream.range(0, 20).mapToObj(i -> "" + i).toArray(String[]::new));
        one.source.append(key(1), "x");
        one.passSeconds(1);

        assertThat(log.subList(0, TURN + 2))
                .containsExactly(
                        "a live 0",
                        "a live 1",
                        "a live 2",
                        "a live 3",
                        "a live 4",
                        "a live 5",
                        "a live 6",
                        "a live 7",
                        "b live x",
                        "b caughtUp");
        assertThat(log.subList(TURN + 2, log.size()))
                .as("goes on where it was, to the end, as nobody waits any more")
                .hasSize(13)
                .startsWith("a live 8")
                .endsWith("a live 19", "a caughtUp");
        assertThat(one.source.reads.get() - before).isEqualTo(3);
    }

    @Test
    void whereNobodyWaitsABacklogIsOneRead() {
        Probe probe = new Probe();
        fixture.run(key(0), probe);
        fixture.serve();
        fixture.source.append(
                key(0), IntStream.range(0, 100).mapToObj(i -> "" + i).toArray(String[]::new));
        assertThat(probe.log).endsWith("live 99", "caughtUp");
        assertThat(fixture.source.reads).hasValue(2);
    }
}
