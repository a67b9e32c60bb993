package io.repowatch.storage;

import io.repowatch.wire.nogfso.PathStatus;
import io.repowatch.wire.nogfso.PathStatus.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/**
 * One directory then and now. Keeps the names of what differs; what is below a deleted directory is looked up when it is asked
 * for. Names are bytes, kept as ISO 8859-1 text of one character each. Whether a directory is new is said by its parent, because
 * only there it shows whether it replaced a file.
 */
final class ComparedLevel {
    private final String path;
    private final String name;
    private final ObjectReader reader;
    private final @Nullable ObjectId before;

    /** What the walk has not entered is deleted, or replaced by something else. */
    private final Map<String, ObjectId> subtreesBefore = new TreeMap<>();

    private final Set<String> newDirectories = new TreeSet<>();
    private final Set<String> replacedDirectories = new HashSet<>();
    private final Deque<Change> changes = new ArrayDeque<>();
    private Deleted deleted = Deleted.NOTHING;

    private record Change(String name, Status status) {}

    private ComparedLevel(String path, String name, ObjectReader reader, @Nullable ObjectId before) throws IOException {
        this.path = path;
        this.name = name;
        this.reader = reader;
        this.before = before;
        if (before != null) {
            for (CanonicalTreeParser all = new CanonicalTreeParser(null, reader, before); !all.eof(); all.next()) {
                if (FileMode.TREE.equals(all.getEntryRawMode())) {
                    subtreesBefore.put(name(all), all.getEntryObjectId());
                }
            }
        }
    }

    static ComparedLevel root(ObjectReader reader, ObjectId tree) throws IOException {
        return new ComparedLevel("", "", reader, tree);
    }

    ComparedLevel child(byte[] bytes) throws IOException {
        String child = new String(bytes, StandardCharsets.ISO_8859_1);
        return new ComparedLevel(path + child + "/", child, reader, subtreesBefore.remove(child));
    }

    /** Compares all but subdirectories. */
    void compareWith(GitTree tree, @Nullable ComparedLevel parent) throws IOException {
        if (parent != null && before == null && tree.hasFiles()) {
            parent.newDirectories.add(name);
        }
        CanonicalTreeParser old = new CanonicalTreeParser();
        if (before != null) {
            old.reset(reader, before);
        }
        skipTrees(old);
        Iterator<GitTree.Entry> entries = tree.sorted().stream()
                .filter(entry -> entry.mode != FileMode.TREE)
                .iterator();
        while (entries.hasNext()) {
            GitTree.Entry entry = entries.next();
            String now = new String(entry.name, StandardCharsets.ISO_8859_1);
            while (!old.eof() && name(old).compareTo(now) < 0) {
                gone(name(old));
                next(old);
            }
            if (old.eof() || !name(old).equals(now)) {
                appeared(now);
            } else {
                if (!entry.id.equals(old.getEntryObjectId()) || !entry.mode.equals(old.getEntryRawMode())) {
                    changes.add(new Change(now, Status.PS_MODIFIED));
                }
                next(old);
            }
        }
        for (; !old.eof(); next(old)) {
            gone(name(old));
        }
        newDirectories.forEach(directory -> changes.add(new Change(directory, Status.PS_NEW)));
    }

    private void gone(String gone) {
        boolean replaced = newDirectories.remove(gone);
        changes.add(new Change(gone, replaced ? Status.PS_MODIFIED : Status.PS_DELETED));
    }

    private void appeared(String now) throws IOException {
        if (now.equals(StatTree.SUMMARY) && before == null) {
            return;
        }
        ObjectId directory = subtreesBefore.get(now);
        boolean replaces = directory != null && hasSummary(directory);
        if (replaces) {
            replacedDirectories.add(now);
        }
        changes.add(new Change(now, replaces ? Status.PS_MODIFIED : Status.PS_NEW));
    }

    private boolean hasSummary(ObjectId tree) throws IOException {
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, tree);
        while (!entries.eof() && !name(entries).equals(StatTree.SUMMARY)) {
            entries.next();
        }
        return !entries.eof();
    }

    /** The next difference; null if there is none left. The root itself is left to {@link StatComparison}. */
    @Nullable
    PathStatus next() throws IOException {
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            byte[] full = (path + change.name()).getBytes(StandardCharsets.ISO_8859_1);
            if (HiddenNames.isSummary(full, change.name().length())) {
                if (!path.isEmpty()) {
                    return status(StatListing.directory(full), change.status());
                }
            } else if (!HiddenNames.isReserved(full, change.name().length())) {
                return status(PathText.of(full), change.status());
            }
        }
        return nextDeleted();
    }

    private @Nullable PathStatus nextDeleted() throws IOException {
        while (true) {
            String gone = deleted.next();
            if (gone != null) {
                return status(gone, Status.PS_DELETED);
            }
            Iterator<Map.Entry<String, ObjectId>> subtrees =
                    subtreesBefore.entrySet().iterator();
            if (!subtrees.hasNext()) {
                return null;
            }
            Map.Entry<String, ObjectId> subtree = subtrees.next();
            subtrees.remove();
            deleted = Deleted.below(
                    path + subtree.getKey(),
                    reader,
                    subtree.getValue(),
                    replacedDirectories.contains(subtree.getKey()));
        }
    }

    private static PathStatus status(String path, Status status) {
        return PathStatus.newBuilder().setPath(path).setStatus(status).build();
    }

    private static String name(CanonicalTreeParser entry) {
        byte[] bytes = new byte[entry.getNameLength()];
        entry.getName(bytes, 0);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void next(CanonicalTreeParser entries) {
        entries.next();
        skipTrees(entries);
    }

    private static void skipTrees(CanonicalTreeParser entries) {
        while (!entries.eof() && FileMode.TREE.equals(entries.getEntryRawMode())) {
            entries.next();
        }
    }
}
