package io.repowatch.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.util.Paths;

/** The entries of one git tree, collected in any order and written in git's order. */
final class GitTree {
    private final List<Entry> entries = new ArrayList<>();
    private boolean hasFiles;

    static final class Entry {
        final byte[] name;
        final FileMode mode;
        final ObjectId id;

        Entry(byte[] name, FileMode mode, ObjectId id) {
            this.name = name;
            this.mode = mode;
            this.id = id;
        }

        int compareTo(Entry other) {
            return Paths.compare(
                    name, 0, name.length, mode.getBits(), other.name, 0, other.name.length, other.mode.getBits());
        }
    }

    void add(byte[] name, FileMode mode, ObjectId id) {
        entries.add(new Entry(name, mode, id));
        hasFiles |= mode != FileMode.TREE;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether something other than a subtree is in it. */
    boolean hasFiles() {
        return hasFiles;
    }

    /** All entries, in git's order. */
    List<Entry> sorted() {
        entries.sort(Entry::compareTo);
        return entries;
    }

    ObjectId write(ObjectInserter objects) throws IOException {
        TreeFormatter tree = new TreeFormatter();
        for (Entry entry : sorted()) {
            tree.append(entry.name, entry.mode, entry.id);
        }
        return objects.insert(tree);
    }
}
