package io.repowatch.testkit.simulation;

import io.repowatch.journal.Journal;
import io.repowatch.observer.Observer;
import io.repowatch.registry.Registry;
import io.repowatch.registry.RegistryConfig;
import java.util.function.UnaryOperator;

/**
 * The parts of the product that the simulation runs: the real ones, of which a test replaces one method to prove that the
 * simulation sees the difference.
 */
record Variant(Journals journal, Registries registry, WatchedSource.Client client, UnaryOperator<Observer.Builder> observer) {
    static final Variant REAL =
            new Variant(SimulatedJournal::new, Registry::open, WatchedSource.Client.REAL, UnaryOperator.identity());

    /** Opens the journal of a registry process. */
    @FunctionalInterface
    interface Journals {
        SimulatedJournal open(Disk disk, ProcessScheduler process, Dice dice, Faults faults, Runnable onBroken);
    }

    /** Opens the registry on its journal. */
    @FunctionalInterface
    interface Registries {
        Registry open(Journal journal, RegistryConfig config);
    }
}
