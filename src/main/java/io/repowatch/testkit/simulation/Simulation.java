package io.repowatch.testkit.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plays random histories of the whole system, each from one seed: the same seed is the same history, step for step. Everything
 * of a history happens on the calling thread and in virtual time. Stateless; may be shared.
 */
public final class Simulation {
    private final Variant variant;

    /** The simulation of the product as it is. */
    public Simulation() {
        this(Variant.REAL);
    }

    Simulation(Variant variant) {
        this.variant = variant;
    }

    /**
     * What came of a seed.
     *
     * @param seed the seed
     * @param violations what was wrong, in the order in which it was seen; empty if nothing was
     * @param trace what happened, line by line; empty unless asked for
     * @param fingerprint stands for the whole trace, kept or not: two runs of a seed have the same
     * @param faults how often each kind of fault happened
     * @param simulated how long it took in virtual time
     * @param steps how many tasks ran
     */
    public record Outcome(
            long seed,
            List<String> violations,
            List<String> trace,
            long fingerprint,
            Map<String, Long> faults,
            Duration simulated,
            long steps) {

        /** Whether nothing was wrong. */
        public boolean isFine() {
            return violations.isEmpty();
        }
    }

    /** Plays a seed; takes some milliseconds. */
    public Outcome play(long seed) {
        return play(seed, false);
    }

    /** Plays a seed and keeps its trace. */
    public Outcome replay(long seed) {
        return play(seed, true);
    }

    private Outcome play(long seed, boolean recording) {
        World world = new World(seed, variant, recording);
        world.play();
        Map<String, Long> faults = new TreeMap<>();
        world.faults.counts().forEach((fault, count) -> faults.put(fault.toString(), count));
        return new Outcome(
                seed,
                List.copyOf(world.trace.violations()),
                List.copyOf(world.trace.lines()),
                world.trace.hash(),
                faults,
                Duration.ofNanos(world.time.nanos()),
                world.time.steps());
    }
}
