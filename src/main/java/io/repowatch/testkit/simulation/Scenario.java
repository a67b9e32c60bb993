package io.repowatch.testkit.simulation;

import java.time.Duration;

/**
 * What kind of world a seed is.
 *
 * @param observers how many observers there are
 * @param embedded whether the first observer lives in the registry's process
 * @param signals what the registry's signals are worth
 * @param confirms whether the registry confirms a subscription
 * @param foreign whether the registry's events appear one by one
 * @param accepts whether the registry itself agrees to moves
 * @param repoReads the observers' limit of reads of repos
 * @param generalReads the observers' limit of other reads
 * @param unrest how long there are commands and faults
 */
record Scenario(
        int observers,
        boolean embedded,
        Signals signals,
        boolean confirms,
        boolean foreign,
        boolean accepts,
        int repoReads,
        int generalReads,
        Duration unrest) {
    /** How good signals are. */
    enum Signals {
        /** None is lost as long as the stream is up; the observers look at nothing without a signal. */
        RELIABLE,
        /** Some are lost; the observers look at everything now and then. */
        LOSSY,
        /** There are none; the observers look at everything all the time. */
        NONE
    }

    static Scenario draw(Dice dice) {
        boolean foreign = dice.oneIn(3);
        Signals signals = foreign
                ? dice.oneIn(4) ? Signals.NONE : Signals.LOSSY
                : dice.oneIn(3) ? Signals.LOSSY : Signals.RELIABLE;
        return new Scenario(
                2 + dice.below(2),
                !foreign && dice.oneIn(2),
                signals,
                !foreign,
                foreign,
                !foreign && dice.oneIn(2),
                1 + dice.below(3),
                1 + dice.below(3),
                Duration.ofMinutes(3 + dice.below(5)));
    }

    /** How long the observers take to look at everything without a reason. */
    Duration sweep() {
        return signals == Signals.RELIABLE ? Duration.ofDays(30) : Duration.ofMinutes(5);
    }
}
