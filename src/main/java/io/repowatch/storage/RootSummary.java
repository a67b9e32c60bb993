package io.repowatch.storage;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The sums over a whole data directory, and over its own git directory where it is a git repo (storage specification §5.3). */
final class RootSummary {
    private static final byte[] DOT_GIT = {'.', 'g', 'i', 't'};

    private final DataEntry root;
    private final boolean frozen;
    private final Totals sums = new Totals();
    private final @Nullable NestedGit git;
    private final Totals gitSums = new Totals();

    /** Counts the directory itself; the rest is to be added. */
    RootSummary(DataEntry root, boolean frozen) throws IOException {
        this.root = root;
        this.frozen = frozen;
        this.git = NestedGit.in(root);
        sums.add(root);
    }

    /** Sums up a whole data directory. */
    static RootSummary of(DataEntry root, boolean frozen, Walk walk) throws IOException {
        RootSummary summary = new RootSummary(root, frozen);
        walk.list(root, entry -> summary.addChild(entry, walk));
        return summary;
    }

    /** Adds a direct entry of the directory with all that is below it. */
    void addChild(DataEntry entry, Walk walk) throws IOException {
        boolean ofGit = git != null && Arrays.equals(entry.name(), DOT_GIT);
        if (entry.isDirectory()) {
            if (ofGit) {
                walk.sum(entry, sums, gitSums);
            } else {
                walk.sum(entry, sums);
            }
            return;
        }
        sums.add(entry);
        if (ofGit) {
            gitSums.add(entry);
        }
    }

    DataEntry root() {
        return root;
    }

    /** Whether nothing in it may be changed. */
    boolean frozen() {
        return frozen;
    }

    Totals sums() {
        return sums;
    }

    @Nullable
    NestedGit git() {
        return git;
    }

    Totals gitSums() {
        return gitSums;
    }
}
