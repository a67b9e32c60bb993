package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** The paths below a directory that is gone, and the directory itself unless something else has its place. */
final class Deleted {
    static final Deleted NOTHING = new Deleted("", null, false);

    private final String directory;
    private final @Nullable TreeWalk walk;
    private final boolean replaced;

    private Deleted(String directory, @Nullable TreeWalk walk, boolean replaced) {
        this.directory = directory;
        this.walk = walk;
        this.replaced = replaced;
    }

    /** The walk uses the reader, and has nothing of its own to close. */
    static Deleted below(String directory, ObjectReader reader, ObjectId tree, boolean replaced) throws IOException {
        TreeWalk walk = new TreeWalk(reader);
        walk.addTree(tree);
        walk.setRecursive(true);
        return new Deleted(directory, walk, replaced);
    }

    /** Null at the end. */
    @Nullable
    String next() throws IOException {
        while (walk != null && walk.next()) {
            byte[] below = walk.getRawPath();
            byte[] path = (directory + "/" + new String(below, StandardCharsets.ISO_8859_1))
                    .getBytes(StandardCharsets.ISO_8859_1);
            int length = HiddenNames.nameLength(path);
            if (HiddenNames.isSummary(path, length)) {
                if (!replaced || below.length > length) {
                    return StatListing.directory(path);
                }
            } else if (!HiddenNames.isReserved(path, length)) {
                return PathText.of(path);
            }
        }
        return null;
    }
}
