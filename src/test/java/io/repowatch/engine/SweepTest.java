package io.repowatch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
