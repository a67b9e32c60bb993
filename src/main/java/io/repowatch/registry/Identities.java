package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.id.VidSequence;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes the ids of new events and repos. Thread-safe, also where the random source is not. */
final class Identities {
    private final RandomGenerator random;
    private final VidSequence vids;

    Identities(InstantSource clock, RandomGenerator random, Vid newest) {
        this.random = random;
        this.vids = new VidSequence(clock, random, newest);
    }

    /** An event id greater than all before. */
    synchronized Vid vid() {
        return vids.next();
    }

    /** A random id (RFC 4122, version 4). */
    synchronized UUID uuid() {
        long hi = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long lo = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(hi, lo);
    }
}
