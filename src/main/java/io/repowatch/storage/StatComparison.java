package io.repowatch.storage;

import io.repowatch.wire.nogfso.PathStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * Follows a walk that makes the tree of the stat branch, and finds where it differs from the last one: the differences in a
 * directory once the walk has left it. Names each path once.
 */
final class StatComparison implements StatTree.Listener {
    private final ObjectReader reader;
    private final ObjectId lastTree;
    private final Deque<ComparedLevel> levels = new ArrayDeque<>();
    private final Deque<ComparedLevel> left = new ArrayDeque<>();

    StatComparison(ObjectReader reader, ObjectId lastTree) {
        this.reader = reader;
        this.lastTree = lastTree;
    }

    @Override
    public void entered(byte[] name) throws IOException {
        ComparedLevel parent = levels.peek();
        levels.push(parent == null ? ComparedLevel.root(reader, lastTree) : parent.child(name));
    }

    @Override
    public void left(GitTree tree) throws IOException {
        ComparedLevel level = levels.pop();
        level.compareWith(tree, levels.peek());
        left.add(level);
    }

    /** The next difference; null until the walk has gone on. */
    @Nullable
    PathStatus next() throws IOException {
        while (!left.isEmpty()) {
            PathStatus status = left.element().next();
            if (status != null) {
                return status;
            }
            left.remove();
        }
        return null;
    }
}
