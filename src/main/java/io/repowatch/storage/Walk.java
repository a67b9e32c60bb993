package io.repowatch.storage;

import io.repowatch.storage.DataEntry.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * One walk through a data directory, or a part of it. Reports progress, and ends soon when told to stop. A file that vanishes
 * between being listed and being looked at is simply gone; a directory that vanishes or is replaced ends the walk with a weak
 * error, because what was below it (a file system unmounted just now, say) must not count as deleted.
 */
final class Walk {
    private static final int REPORT_EVERY = 1000;

    private final UUID repo;
    private final BooleanSupplier stopped;
    private final ProgressListener progress;
    private long entries;
    private long bytes;

    interface Visitor {
        void visit(DataEntry entry) throws IOException;
    }

    Walk(UUID repo, BooleanSupplier stopped, ProgressListener progress) {
        this.repo = repo;
        this.stopped = stopped;
        this.progress = progress;
    }

    /** Looks at the directory where the walk begins; following links only here. */
    DataEntry begin(Path directory) throws IOException {
        DataEntry root = DataEntry.read(directory.toRealPath());
        if (root == null) {
            throw ReadErrors.changed(directory);
        }
        count(root);
        return root;
    }

    /** Visits the direct entries of a directory, in no particular order. */
    void list(DataEntry directory, Visitor visitor) throws IOException {
        try (DirectoryStream<Path> children = open(directory)) {
            requireSame(directory);
            Iterator<Path> iterator = children.iterator();
            while (hasNext(iterator, directory)) {
                DataEntry entry = DataEntry.read(iterator.next());
                if (entry != null) {
                    count(entry);
                    visitor.visit(entry);
                }
            }
        }
        requireSame(directory);
    }

    /** Adds a directory and everything below it to all of {@code sums}. */
    void sum(DataEntry directory, Totals... sums) throws IOException {
        Deque<DataEntry> pending = new ArrayDeque<>();
        add(directory, sums);
        pending.push(directory);
        while (!pending.isEmpty()) {
            list(pending.pop(), entry -> {
                add(entry, sums);
                if (entry.isDirectory()) {
                    pending.push(entry);
                }
            });
        }
    }

    private static void add(DataEntry entry, Totals... sums) {
        for (Totals total : sums) {
            total.add(entry);
        }
    }

    /** Whether the directory holds nothing at all. */
    boolean isEmpty(DataEntry directory) throws IOException {
        try (DirectoryStream<Path> children = open(directory)) {
            return !hasNext(children.iterator(), directory);
        }
    }

    /** Fails unless this is still the directory it was: not gone, not replaced, nothing mounted over it or unmounted. */
    void requireSame(DataEntry directory) {
        DataEntry now = DataEntry.read(directory.path());
        if (now == null || !now.inode().equals(directory.inode()) || !now.isDirectory()) {
            throw ReadErrors.changed(directory.path());
        }
    }

    /** How many entries were looked at so far. */
    long entries() {
        return entries;
    }

    /** The last report. */
    void end() {
        progress.walked(repo, entries, bytes);
    }

    private void count(DataEntry entry) {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("the walk was cancelled");
        }
        entries++;
        bytes += entry.kind() == Kind.FILE ? entry.size() : 0;
        if (entries % REPORT_EVERY == 0) {
            progress.walked(repo, entries, bytes);
        }
    }

    private static DirectoryStream<Path> open(DataEntry directory) throws IOException {
        try {
            return Files.newDirectoryStream(directory.path());
        } catch (IOException e) {
            throw ReadErrors.explained(directory.path(), e);
        }
    }

    private static boolean hasNext(Iterator<Path> iterator, DataEntry directory) {
        try {
            return iterator.hasNext();
        } catch (DirectoryIteratorException e) {
            throw ReadErrors.explained(directory.path(), Objects.requireNonNull(e.getCause()));
        }
    }
}
