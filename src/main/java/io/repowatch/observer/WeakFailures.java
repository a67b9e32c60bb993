package io.repowatch.observer;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts the weak failures of each operation of a repo. Only repos that fail have an entry, so a million healthy ones cost
 * nothing; the counts survive a restart of the repo's activity and end with its link. Thread-safe.
 */
class WeakFailures {
    private final ConcurrentMap<UUID, int[]> counts = new ConcurrentHashMap<>();

    /** The number of weak failures in a row, this one included. */
    int failed(UUID repo, Operation operation) {
        int[] result = new int[1];
        counts.compute(repo, (id, row) -> {
            int[] next = row == null ? new int[Operation.values().length] : row.clone();
            result[0] = ++next[operation.ordinal()];
            return next;
        });
        return result[0];
    }

    /** The operation succeeded, or its failure was stored: the next failure is the first one again (D15). */
    void reset(UUID repo, Operation operation) {
        counts.computeIfPresent(repo, (id, row) -> {
            int[] next = row.clone();
            next[operation.ordinal()] = 0;
            for (int count : next) {
                if (count > 0) {
                    return next;
                }
            }
            return null;
        });
    }

    /** The link has ended. */
    void forget(UUID repo) {
        counts.remove(repo);
    }
}
