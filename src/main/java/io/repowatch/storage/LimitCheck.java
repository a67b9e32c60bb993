package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import io.repowatch.storage.DataEntry.Inode;
import io.repowatch.storage.DataEntry.Kind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Counts a data directory against the limits, and stops at the first that is exceeded. Writes nothing. */
final class LimitCheck {
    private final InitLimits limits;
    private final DataEntry root;
    private final Walk walk;
    private final Set<Inode> seen = new HashSet<>();
    private long files;
    private long bytes;

    private LimitCheck(InitLimits limits, DataEntry root, Walk walk) {
        this.limits = limits;
        this.root = root;
        this.walk = walk;
    }

    /** Strong error that names the limit, the count so far and the directory. */
    static void require(InitLimits limits, SubdirMode mode, DataEntry root, Walk walk) throws IOException {
        LimitCheck check = new LimitCheck(limits, root, walk);
        switch (mode) {
            case IGNORE_MOST -> {}
            case BUNDLE, IGNORE -> check.direct();
            case ENTER -> check.everything();
        }
    }

    private void direct() throws IOException {
        if (limits.maxFiles() > 0) {
            walk.list(root, entry -> countFile());
        }
    }

    private void everything() throws IOException {
        if (limits.maxFiles() == 0 && limits.maxBytes() == 0) {
            return;
        }
        Deque<DataEntry> pending = new ArrayDeque<>();
        pending.push(root);
        countFile();
        while (!pending.isEmpty()) {
            walk.list(pending.pop(), entry -> {
                countFile();
                countBytes(entry);
                if (entry.isDirectory()) {
                    pending.push(entry);
                }
            });
        }
    }

    private void countFile() {
        files++;
        if (limits.maxFiles() > 0 && files > limits.maxFiles()) {
            throw exceeded(limits.maxFiles(), "files", files);
        }
    }

    private void countBytes(DataEntry entry) {
        boolean counts = entry.kind() == Kind.FILE || entry.kind() == Kind.LINK;
        if (counts && (entry.links() <= 1 || seen.add(entry.inode()))) {
            bytes += entry.size();
        }
        if (limits.maxBytes() > 0 && bytes > limits.maxBytes()) {
            throw exceeded(limits.maxBytes(), "bytes", bytes);
        }
    }

    private StrongError exceeded(long limit, String unit, long count) {
        return new StrongError("init limit of " + limit + " " + unit + " exceeded, at least " + count + " in "
                + PathBytes.printable(root.path()));
    }
}
