package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.Vid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

class SweepTest {
    private final List<Long> reads = new ArrayList<>();
    private final EngineFixture fixture = new EngineFixture(new ScriptedSource(false), b -> b);

    private void load(int count) {
        for (int i = 0; i < count; i++) {
            TestKey key = TestKey.repo("r" + i);
            fixture.source.script(key, (after, honest) -> {
                reads.add(fixture.time.now(java.util.concurrent.TimeUnit.SECONDS));
                return honest;
            });
            fixture.run(key, new Probe());
        }
        fixture.serve();
        reads.clear();
    }

    @Test
    void everySleeperIsLookedAtAfterThirtySeconds() {
        load(100);
        fixture.passSeconds(29);
        assertThat(reads).isEmpty();
        fixture.passSeconds(1);
        assertThat(reads).hasSize(100);
    }

    @Test
    void afterThatEachAboutOnceAnHourEvenlySpread() {
        load(360);
        fixture.passSeconds(30);
        reads.clear();
        fixture.pass(Duration.ofHours(10));
        assertThat(reads).hasSizeBetween(3200, 4000);
        for (int hour = 0; hour < 10; hour++) {
            for (int quarter = 0; quarter < 4; quarter++) {
                long from = 30 + hour * 3600L + quarter * 900L;
                assertThat(reads.stream().filter(at -> at >= from && at < from + 900))
                        .as("reads in quarter %d of hour %d", quarter, hour)
                        .hasSizeBetween(60, 120);
            }
        }
    }

    @Test
    void aLoneSleeperIsFoundToo() {
        load(1);
        fixture.pass(Duration.ofHours(24));
        assertThat(reads).hasSizeBetween(20, 28);
    }

    @Test
    void theSweepFindsWhatNobodyTold() {
        load(3);
        Probe untold = new Probe();
        fixture.run(TestKey.repo("untold"), untold);
        fixture.passSeconds(60);
        assertThat(untold.log).containsExactly("create", "quiesced");
        fixture.source.put(TestKey.repo("untold"), "1");
        fixture.pass(Duration.ofHours(3));
        assertThat(untold.log).containsExactly("create", "quiesced", "live 1", "caughtUp");
    }

    @Test
    void aLosslessSourceIsNotSwept() {
        EngineFixture lossless = new EngineFixture();
        lossless.run(TestKey.repo("a"), new Probe());
        lossless.serve();
        lossless.pass(Duration.ofHours(24));
        assertThat(lossless.source.reads).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 30", "-1, 90"})
    void theStepsAreHalfToOneAndAHalfOfTheirNominalTime(long bits, long minutes) {
        EngineFixture constant = new EngineFixture(new ScriptedSource(false), b -> b.random(() -> bits));
        constant.run(TestKey.repo("a"), new Probe());
        constant.serve();
        constant.passSeconds(30);
        int before = constant.source.reads.get();
        constant.pass(Duration.ofMinutes(minutes).minusSeconds(5));
        assertThat(constant.source.reads).hasValue(before);
        constant.passSeconds(10);
        assertThat(constant.source.reads).hasValue(before + 1);
    }

    @Test
    void aSourceThatSaysNothingOfItsLossesIsSwept() {
        int[] reads = {0};
        EventSource plain = new EventSource() {
            @Override
            public Flux<Wakeup> wakeups() {
                return Flux.just(Wakeup.ALL).concatWith(Flux.never());
            }

            @Override
            public <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after) {
                reads[0]++;
                return Flux.empty();
            }
        };
        ActivityEngine engine = ActivityEngine.builder(plain)
                .scheduler(fixture.time)
                .random(new SplittableRandom(1))
                .build();
        Disposable.Composite all = Disposables.composite(
                engine.run(TestKey.repo("a"), new Probe()).subscribe(),
                engine.serve().subscribe());
        assertThat(reads[0]).isEqualTo(1);
        fixture.passSeconds(30);
        assertThat(reads[0]).isEqualTo(2);
        all.dispose();
    }
}
