package io.repowatch.testkit.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Decides by chance which faults happen, and counts them. There are some only between {@link #begin} and {@link #end}. */
final class Faults {
    private final SplittableRandom random;
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private boolean on;

    Faults(SplittableRandom random) {
        this.random = random;
    }

    /** Whether this fault happens now, once in so many times. */
    boolean happens(Fault fault, int oneIn) {
        if (!chance(oneIn)) {
            return false;
        }
        count(fault);
        return true;
    }

    /** Whether to do something once in so many times that counts itself. */
    boolean chance(int oneIn) {
        // Drawn in any case, so that the end of the faults changes no other choice.
        boolean drawn = random.nextInt(oneIn) == 0;
        return drawn && on;
    }

    void count(Fault fault) {
        counts.merge(fault, 1L, Long::sum);
    }

    void begin() {
        on = true;
    }

    void end() {
        on = false;
    }

    Map<Fault, Long> counts() {
        return counts;
    }
}
