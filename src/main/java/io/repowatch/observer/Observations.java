package io.repowatch.observer;

/** Takes the observations; never blocks and never fails. */
@FunctionalInterface
interface Observations {
    void add(Observation observation);
}
