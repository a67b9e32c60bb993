package io.repowatch.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * Gives a copy the immutable and append-only attributes of its source, once nothing in it has to be changed any more. The root is
 * left out: it must be renamed yet.
 */
final class Flags implements TreeWalk.Visitor {
    private final Deque<Handle> copies = new ArrayDeque<>();
    private final Handle copyParent;
    private final byte[] copyName;

    private Flags(Handle copyParent, byte[] copyName) {
        this.copyParent = copyParent;
        this.copyName = copyName;
    }

    static void copy(
            Handle parent,
            byte[] name,
            FileStat root,
            Handle copyParent,
            byte[] copyName,
            BooleanSupplier stopped,
            Runnable beforeOpening)
            throws IOException {
        Flags flags = new Flags(copyParent, copyName);
        try {
            new TreeWalk(flags, stopped, beforeOpening).run(parent, name, root);
        } finally {
            flags.copies.forEach(Handle::close);
        }
    }

    /** Fails if the copy's file system, or this process, cannot set them; otherwise leaves the copy as it was. */
    static void requireSupport(Handle copy, int flags) throws IOException {
        try {
            copy.setFlags(flags);
            boolean visible = (copy.stat().flags() & flags) == flags;
            copy.setFlags(0);
            if (visible) {
                return;
            }
        } catch (Errno e) {
            if (!e.is(Errno.EPERM, Errno.EACCES, Errno.EINVAL, Errno.ENOTTY, Errno.EOPNOTSUPP)) {
                throw e;
            }
        }
        throw new IOException("immutable data cannot be made immutable at the destination: the file system has no such"
                + " attribute, or this process may not set it; unfreeze it, or move it to another file system");
    }

    @Override
    public boolean enter(TreeWalk.Step directory) throws IOException {
        Handle above = copies.peek();
        Handle parent = above == null ? copyParent : above;
        byte[] name = above == null ? copyName : directory.name();
        copies.push(parent.enter(name, parent.stat(name)));
        return true;
    }

    @Override
    public void visit(TreeWalk.Step entry) throws IOException {
        if (entry.stat().isRegular() && entry.stat().flags() != 0) {
            Handle place = copies.element();
            try (Handle file = place.file(entry.name(), place.stat(entry.name()))) {
                file.setFlags(entry.stat().flags());
            }
        }
    }

    @Override
    public void leave(TreeWalk.Step directory) throws IOException {
        try (Handle copy = copies.pop()) {
            if (!copies.isEmpty() && directory.stat().flags() != 0) {
                copy.setFlags(directory.stat().flags());
            }
        }
    }
}
