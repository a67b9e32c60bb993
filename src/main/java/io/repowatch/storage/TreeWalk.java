package io.repowatch.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Goes through a directory by handles: whatever is renamed or replaced by a link meanwhile, nothing outside is ever reached. What
 * another file system is mounted on is refused. Holds one handle per level; no recursion, since a path may be very deep.
 */
final class TreeWalk {
    private final Deque<Level> levels = new ArrayDeque<>();
    private final BooleanSupplier stopped;
    private final Visitor visitor;
    private final Runnable beforeOpening;

    /** What is done on the way. A directory is entered before what is in it, and left after. */
    interface Visitor {
        /** Before the names in the directory are listed; whether to go into it. */
        boolean enter(Step directory) throws IOException;

        /** The names that were found in it. */
        default void listed(Step directory, List<byte[]> names) throws IOException {}

        /** Anything but a directory. */
        void visit(Step entry) throws IOException;

        void leave(Step directory) throws IOException;

        /** The entry was gone or replaced when it was opened. */
        default void changed() {}
    }

    /**
     * Where the walk is.
     *
     * @param parent the directory that it is in
     * @param name its name there
     * @param opened the directory itself; for an entry that is none, {@code parent}
     * @param stat what it was when it was looked at
     * @param path its way from the root of the walk, for a person or a record
     */
    record Step(Handle parent, byte[] name, Handle opened, FileStat stat, RelativePath path) {
        /**
         * Opens a regular file.
         *
         * @throws SourceChanged if it is gone or replaced
         */
        Handle open() throws IOException {
            try {
                return parent.file(name, stat);
            } catch (Errno e) {
                throw e.isChange() ? new SourceChanged(e) : explained(e);
            }
        }

        /** The failure with the path that it is about. */
        IOException explained(IOException e) {
            return new IOException(ReadErrors.reason(e) + ": " + path, e);
        }
    }

    private record Level(Step step, Iterator<byte[]> names) {}

    TreeWalk(Visitor visitor, BooleanSupplier stopped, Runnable beforeOpening) {
        this.visitor = visitor;
        this.stopped = stopped;
        this.beforeOpening = beforeOpening;
    }

    /** Walks the directory {@code name} of {@code parent}, which must be the one that {@code stat} tells of. */
    void run(Handle parent, byte[] name, FileStat stat) throws IOException {
        try {
            beforeOpening.run();
            push(new Step(parent, name, parent.enter(name, stat), stat, RelativePath.ROOT));
            while (!levels.isEmpty()) {
                Level level = levels.element();
                if (level.names.hasNext()) {
                    next(level.step, level.names.next(), stat.device());
                } else {
                    visitor.leave(level.step);
                    levels.pop().step.opened().close();
                }
            }
        } finally {
            levels.forEach(level -> level.step.opened().close());
            levels.clear();
        }
    }

    private void push(Step step) throws IOException {
        boolean entered = false;
        try {
            if (!visitor.enter(step)) {
                return;
            }
            List<byte[]> names = step.opened().names();
            visitor.listed(step, names);
            levels.push(new Level(step, names.iterator()));
            entered = true;
        } finally {
            if (!entered) {
                step.opened().close();
            }
        }
    }

    private void next(Step above, byte[] name, long device) throws IOException {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("the walk was cancelled");
        }
        Handle parent = above.opened();
        FileStat stat = parent.find(name);
        if (stat == null) {
            visitor.changed();
            return;
        }
        RelativePath path = above.path().child(name);
        if (stat.mountRoot() || stat.device() != device) {
            throw new IOException("another file system is mounted inside; unmount it first: " + path);
        }
        beforeOpening.run();
        if (!stat.isDirectory()) {
            visit(new Step(parent, name, parent, stat, path));
            return;
        }
        Handle opened;
        try {
            opened = parent.enter(name, stat);
        } catch (Errno e) {
            if (e.isChange()) {
                visitor.changed();
                return;
            }
            throw e;
        }
        push(new Step(parent, name, opened, stat, path));
    }

    private void visit(Step step) throws IOException {
        try {
            visitor.visit(step);
        } catch (SourceChanged e) {
            visitor.changed();
        }
    }

    /** What was visited is not there any more. */
    static final class SourceChanged extends IOException {
        private static final long serialVersionUID = 1L;

        SourceChanged(Errno cause) {
            super(cause);
        }
    }
}
