package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.jspecify.annotations.Nullable;

/**
 * Walks a data directory once, step by step, and writes the tree of the stat branch: a small text for each file, a summary for each directory
 * that is not entered, links as links (storage specification §5.3, §5.4). What is no file, directory or link is only counted,
 * and so is what {@link HiddenNames} hides. Keeps one object id per entry of the directories on the way down, not the texts.
 */
final class StatTree {
    static final String SUMMARY = ".nogtree";
    private static final byte[] SUMMARY_NAME = ascii(SUMMARY);
    private static final byte[] README_MD = ascii("README.md");
    private static final byte[] README_TXT = ascii("README.txt");

    private final SubdirMode mode;
    private final Walk walk;
    private final ObjectInserter objects;
    private final Listener listener;
    private final RootSummary summary;

    // A stack of its own: a path may hold two thousand directories, which is too deep for recursion.
    private final Deque<Level> levels = new ArrayDeque<>();

    private static final class Level {
        final DataEntry directory;
        final byte[] name;
        final GitTree tree = new GitTree();
        final Deque<DataEntry> subdirectories = new ArrayDeque<>();

        Level(DataEntry directory, byte[] name) {
            this.directory = directory;
            this.name = name;
        }
    }

    /** Hears of every directory that is entered: first down, then, with the entries that its tree has, up. */
    interface Listener {
        Listener NONE = new Listener() {
            @Override
            public void entered(byte[] name) {}

            @Override
            public void left(GitTree tree) {}
        };

        void entered(byte[] name) throws IOException;

        void left(GitTree tree) throws IOException;
    }

    StatTree(SubdirMode mode, DataEntry root, boolean frozen, Walk walk, ObjectInserter objects) throws IOException {
        this(mode, root, frozen, walk, objects, Listener.NONE);
    }

    StatTree(SubdirMode mode, DataEntry root, boolean frozen, Walk walk, ObjectInserter objects, Listener listener)
            throws IOException {
        this.mode = mode;
        this.walk = walk;
        this.objects = objects;
        this.listener = listener;
        this.summary = new RootSummary(root, frozen);
    }

    /** Writes everything below the root, then the tree, which holds the stub files too. */
    ObjectId write(StubTree stub) throws IOException {
        ObjectId tree;
        do {
            tree = step(stub);
        } while (tree == null);
        return tree;
    }

    /** Enters or leaves one directory. Null until the root is left; then its tree. */
    @Nullable
    ObjectId step(StubTree stub) throws IOException {
        Level level = levels.peek();
        if (level == null) {
            enter(new Level(summary.root(), new byte[0]));
            return null;
        }
        DataEntry next = level.subdirectories.poll();
        if (next != null) {
            descend(level, next);
            return null;
        }
        levels.pop();
        walk.requireSame(level.directory);
        if (!levels.isEmpty()) {
            leave(level, levels.element());
            return null;
        }
        stub.addTo(level.tree);
        level.tree.add(SUMMARY_NAME, FileMode.REGULAR_FILE, blob(StatText.root(summary)));
        listener.left(level.tree);
        return level.tree.write(objects);
    }

    private void enter(Level level) throws IOException {
        levels.push(level);
        listener.entered(level.name);
        walk.list(level.directory, entry -> {
            if (entry.isDirectory()) {
                level.subdirectories.add(entry);
            } else {
                place(level, entry);
            }
        });
    }

    private void place(Level level, DataEntry entry) throws IOException {
        if (isTop(level)) {
            summary.addChild(entry, walk);
        } else {
            summary.sums().add(entry);
        }
        byte[] name = entry.name();
        boolean link = entry.kind() == DataEntry.Kind.LINK;
        if (HiddenNames.hides(name, link) || mode == SubdirMode.IGNORE_MOST && !isReadme(name)) {
            return;
        }
        if (link) {
            byte[] target = linkTarget(entry);
            if (target != null) {
                level.tree.add(name, FileMode.SYMLINK, blob(target));
            }
        } else if (entry.kind() == DataEntry.Kind.FILE) {
            level.tree.add(name, FileMode.REGULAR_FILE, blob(StatText.file(name, entry)));
        }
    }

    private void descend(Level parent, DataEntry directory) throws IOException {
        byte[] name = directory.name();
        boolean summed = isTop(parent) && mode != SubdirMode.ENTER;
        boolean bundle = isTop(parent) && mode == SubdirMode.BUNDLE;
        if (HiddenNames.hides(name, false) || summed && !bundle) {
            sumUp(parent, directory);
            return;
        }
        NestedGit git = NestedGit.in(directory);
        if (bundle || git != null) {
            Totals sums = new Totals();
            walk.sum(directory, summary.sums(), sums);
            String commit = git == null ? null : git.commit();
            parent.tree.add(name, FileMode.REGULAR_FILE, blob(StatText.bundle(name, directory, sums, commit)));
        } else {
            summary.sums().add(directory);
            enter(new Level(directory, name));
        }
    }

    private void sumUp(Level parent, DataEntry directory) throws IOException {
        if (isTop(parent)) {
            summary.addChild(directory, walk);
        } else {
            walk.sum(directory, summary.sums());
        }
    }

    private void leave(Level level, Level parent) throws IOException {
        if (level.tree.hasFiles()) {
            byte[] text = StatText.directory(level.name, level.directory);
            level.tree.add(SUMMARY_NAME, FileMode.REGULAR_FILE, blob(text));
        }
        listener.left(level.tree);
        if (level.tree.isEmpty()) {
            return;
        }
        parent.tree.add(level.name, FileMode.TREE, level.tree.write(objects));
    }

    private boolean isTop(Level level) {
        return level.directory == summary.root();
    }

    private static boolean isReadme(byte[] name) {
        return Arrays.equals(name, README_MD) || Arrays.equals(name, README_TXT);
    }

    private static byte @Nullable [] linkTarget(DataEntry link) {
        try {
            return PathBytes.linkTarget(link.path());
        } catch (NoSuchFileException | NotLinkException e) {
            return null;
        } catch (IOException e) {
            throw ReadErrors.explained(link.path(), e);
        }
    }

    private ObjectId blob(byte[] content) throws IOException {
        return objects.insert(Constants.OBJ_BLOB, content);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
