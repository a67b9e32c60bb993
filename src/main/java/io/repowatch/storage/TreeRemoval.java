package io.repowatch.storage;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Removes a directory with all that is in it, but what {@code keep} says; attributes that forbid it are lifted. */
final class TreeRemoval implements TreeWalk.Visitor {
    private final Predicate<FileStat> keep;
    private long kept;

    private TreeRemoval(Predicate<FileStat> keep) {
        this.keep = keep;
    }

    /** Removes everything; a name that is not there is fine. */
    static void remove(Handle parent, byte[] name, BooleanSupplier stopped) throws IOException {
        FileStat stat = parent.find(name);
        if (stat != null) {
            run(parent, name, stat, file -> false, stopped, () -> {});
        }
    }

    /** Returns how many things were kept. */
    static long run(
            Handle parent,
            byte[] name,
            FileStat stat,
            Predicate<FileStat> keep,
            BooleanSupplier stopped,
            Runnable beforeOpening)
            throws IOException {
        if (!stat.isDirectory()) {
            loosenFile(parent, name, stat);
            parent.unlink(name);
            return 0;
        }
        TreeRemoval removal = new TreeRemoval(keep);
        new TreeWalk(removal, stopped, beforeOpening).run(parent, name, stat);
        return removal.kept;
    }

    @Override
    public boolean enter(TreeWalk.Step directory) throws IOException {
        loosen(directory.opened(), directory.stat());
        return true;
    }

    /** Lets names be added to a directory and taken from it; whether its permissions had to be changed for that. */
    static boolean loosen(Handle directory, FileStat stat) throws Errno {
        if (stat.flags() != 0) {
            directory.setFlags(0);
        }
        boolean closed = (stat.permissions() & 0700) != 0700 && !directory.isRoot();
        if (closed) {
            directory.chmod(stat.permissions() | 0700);
        }
        return closed;
    }

    private static void loosenFile(Handle parent, byte[] name, FileStat stat) throws IOException {
        if (stat.flags() != 0 && stat.isRegular()) {
            try (Handle file = parent.file(name, stat)) {
                file.setFlags(0);
            }
        }
    }

    @Override
    public void visit(TreeWalk.Step entry) throws IOException {
        if (keep.test(entry.stat())) {
            kept++;
            return;
        }
        try {
            loosenFile(entry.parent(), entry.name(), entry.stat());
            entry.parent().unlink(entry.name());
        } catch (Errno e) {
            if (!e.isChange()) {
                throw entry.explained(e);
            }
        }
    }

    @Override
    public void leave(TreeWalk.Step directory) throws IOException {
        try {
            directory.parent().removeDirectory(directory.name());
        } catch (Errno e) {
            if (e.is(Errno.ENOTEMPTY)) {
                // What is kept, or came in just now.
                kept++;
            } else if (!e.isChange()) {
                throw directory.explained(e);
            }
        }
    }
}
