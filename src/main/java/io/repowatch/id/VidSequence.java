package io.repowatch.id;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Makes event ids that only grow, also when the clock stands still or steps back: the first id of a millisecond takes fresh
 * random bits, the following ones count up. Thread-safe.
 */
public final class VidSequence {
    private final InstantSource clock;
    private final RandomGenerator random;
    private Vid last;

    /** Starts after {@code last}, the newest id that exists already ({@link Vid#EPOCH} if none). */
    public VidSequence(InstantSource clock, RandomGenerator random, Vid last) {
        this.clock = clock;
        this.random = random;
        this.last = last;
    }

    /** The next id, greater as an unsigned 128-bit number than every id before. */
    public synchronized Vid next() {
        long now = clock.millis();
        if (now > last.timestampMillis()) {
            // The top bit stays free, so that counting up within a millisecond cannot run over.
            last = new Vid(now << 16 | random.nextInt(1 << 15), random.nextLong());
        } else {
            long lo = last.lo() + 1;
            last = new Vid(lo == 0 ? last.hi() + 1 : last.hi(), lo);
        }
        return last;
    }
}
