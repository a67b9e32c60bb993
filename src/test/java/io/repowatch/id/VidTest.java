package io.repowatch.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VidTest {

    @Test
    void textOfTheEpochIsAllZero() {
        assertThat(Vid.EPOCH).hasToString("00000000000000000000000000");
        assertThat(Vid.parse("00000000000000000000000000").isEpoch()).isTrue();
    }

    @Test
    void textAndBytesRoundTrip() {
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            Vid vid = new Vid(random.nextLong(), random.nextLong());
            assertThat(Vid.parse(vid.toString())).isEqualTo(vid);
            assertThat(Vid.parse(vid.toString().toLowerCase(java.util.Locale.ROOT)))
                    .isEqualTo(vid);
            assertThat(Vid.of(vid.toBytes())).isEqualTo(vid);
        }
    }

    @Test
    void largestIdHasTheTextOfTheUlidSpecification() {
        assertThat(new Vid(-1, -1)).hasToString("7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    }

    @Test
    void malformedTextIsNamed() {
        assertThatThrownBy(() -> Vid.parse("8ZZZZZZZZZZZZZZZZZZZZZZZZZ")).hasMessageContaining("8ZZZ");
        assertThatThrownBy(() -> Vid.parse("abc")).hasMessageContaining("\"abc\"");
        assertThatThrownBy(() -> Vid.parse("0000000000000000000000000U")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Vid.of(new byte[15])).hasMessageContaining("15");
    }

    @Test
    void sequenceOnlyGrowsAlsoWhenTheClockStepsBack() {
        long[] now = {1_000_000};
        VidSequence sequence = new VidSequence(() -> Instant.ofEpochMilli(now[0]), new Random(3), Vid.EPOCH);
        Vid before = sequence.next();
        assertThat(before.timestampMillis()).isEqualTo(1_000_000);
        Random steps = new Random(4);
        for (int i = 0; i < 10_000; i++) {
            now[0] += steps.nextInt(5) - 2;
            Vid next = sequence.next();
            int order = Long.compareUnsigned(before.hi(), next.hi());
            assertThat(order < 0 || order == 0 && Long.compareUnsigned(before.lo(), next.lo()) < 0)
                    .isTrue();
            before = next;
        }
    }

    @Test
    void sequenceCountsOverTheEdgeOfTheLowHalf() {
        VidSequence sequence = new VidSequence(() -> Instant.ofEpochMilli(0), new Random(3), new Vid(5L << 16, -1L));
        assertThat(sequence.next()).isEqualTo(new Vid((5L << 16) + 1, 0));
    }
}
