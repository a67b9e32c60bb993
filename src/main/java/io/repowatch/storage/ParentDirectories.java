package io.repowatch.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Makes the directories that something is to be put into. */
final class ParentDirectories {
    private ParentDirectories() {}

    /** Missing ones get owner, group and permissions of the directory that they are made in (storage specification §8). */
    static void make(Path child) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = child.getParent(); path != null && isMissing(path); path = path.getParent()) {
            missing.push(path);
        }
        for (Path path : missing) {
            try (Handle above = Handle.directory(path.resolveSibling(""))) {
                FileStat like = above.stat();
                try (Handle made = above.makeDirectory(PathBytes.name(path))) {
                    own(made, like);
                    made.chmod(like.permissions());
                    made.sync();
                } catch (Errno e) {
                    // Another move with the same parent was quicker.
                    if (!e.is(Errno.EEXIST)) {
                        throw e;
                    }
                }
                above.sync();
            }
        }
    }

    private static void own(Handle made, FileStat like) throws Errno {
        try {
            made.chown(Handle.SELF, like.owner(), like.group());
        } catch (Errno e) {
            if (!e.is(Errno.EPERM)) {
                throw e;
            }
        }
    }

    private static boolean isMissing(Path path) throws IOException {
        try {
            Handle.directory(path).close();
            return false;
        } catch (Errno e) {
            if (e.is(Errno.ENOENT)) {
                return true;
            }
            throw e;
        }
    }
}
