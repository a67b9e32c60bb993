package io.repowatch.storage;

import io.repowatch.storage.DataEntry.Inode;
import java.util.HashSet;
import java.util.Set;

/** The sums over a tree: how many of each kind, how large, from when to when (storage specification §5.3). */
final class Totals {
    private final Set<Inode> seen = new HashSet<>();
    private long dirs;
    private long files;
    private long links;
    private long others;
    private long size;
    private long mtimeMin = Long.MAX_VALUE;
    private long mtimeMax = Long.MIN_VALUE;

    void add(DataEntry entry) {
        switch (entry.kind()) {
            case DIRECTORY -> dirs++;
            case FILE -> {
                files++;
                // Only what has several names can come twice; remembering the rest would cost memory for nothing.
                if (entry.links() <= 1 || seen.add(entry.inode())) {
                    size += entry.size();
                }
            }
            case LINK -> links++;
            case OTHER -> others++;
        }
        mtimeMin = Math.min(mtimeMin, entry.mtime());
        mtimeMax = Math.max(mtimeMax, entry.mtime());
    }

    long dirs() {
        return dirs;
    }

    long files() {
        return files;
    }

    long links() {
        return links;
    }

    long others() {
        return others;
    }

    long size() {
        return size;
    }

    long mtimeMin() {
        return mtimeMin;
    }

    long mtimeMax() {
        return mtimeMax;
    }
}
