package io.repowatch.storage;

import java.util.UUID;

/**
 * Hears how far the walk through a data directory has come: about once per thousand entries and once at its end. Called on the
 * thread that walks, so it must return soon; what it throws ends the walk. Called for several repos at once.
 */
@FunctionalInterface
public interface ProgressListener {

    /** Hears nothing. */
    ProgressListener NONE = (repo, entries, bytes) -> {};

    /**
     * The walk goes on.
     *
     * @param repo whose directory is walked
     * @param entries the entries seen so far in this walk, the directory itself included
     * @param bytes the sum of the sizes of the files seen so far
     */
    void walked(UUID repo, long entries, long bytes);
}
