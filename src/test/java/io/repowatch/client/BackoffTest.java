package io.repowatch.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofSeconds(60);

    @Test
    void doublesUpToTheLimitAndStaysThere() {
        Backoff backoff = new Backoff(FIRST, MAX, fixed(0));

        assertThat(Stream.generate(backoff::next).limit(9).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void takesAtMostHalfAway() {
        Backoff backoff = new Backoff(FIRST, MAX, fixed(0.5));

        assertThat(Stream.generate(backoff::next).limit(3).map(Duration::toMillis))
                .containsExactly(750L, 1500L, 3000L);
    }

    @Test
    void startsAgainSoonAfterWhatHasWorked() {
        Backoff backoff = new Backoff(FIRST, MAX, fixed(0));
        backoff.next();
        backoff.next();

        assertThat(backoff.soon()).isEqualTo(FIRST.dividedBy(10));
        assertThat(backoff.next()).isEqualTo(FIRST);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 42, 4711})
    void isReplayableAndWithinItsBounds(long seed) {
        Backoff one = new Backoff(FIRST, MAX, new SplittableRandom(seed));
        Backoff other = new Backoff(FIRST, MAX, new SplittableRandom(seed));
        Duration whole = FIRST;
        for (int i = 0; i < 100; i++) {
            Duration pause = one.next();
            assertThat(other.next()).isEqualTo(pause);
            assertThat(pause).isBetween(whole.dividedBy(2), whole);
            whole = whole.multipliedBy(2).compareTo(MAX) > 0 ? MAX : whole.multipliedBy(2);
        }
    }

    private static RandomGenerator fixed(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
