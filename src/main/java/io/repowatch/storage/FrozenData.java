package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Whether data is frozen, and whether the shadow says so. */
final class FrozenData {
    private static final Pattern SAYS_SO = Pattern.compile("^attrs: .*i", Pattern.MULTILINE);
    private static final int MAX_SUMMARY = 64 * 1024;

    private FrozenData() {}

    /** By our own record, or, where there is none, by the attribute of the directory, as other programs freeze. */
    static boolean is(Path shadow, Path realDirectory) throws IOException {
        FreezeRecord record = FreezeRecord.read(shadow);
        if (record == null) {
            return isImmutable(realDirectory);
        }
        return record.isComplete()
                && !record.isRestored()
                && NativeCalls.available()
                && record.method().isFrozen(stat(realDirectory));
    }

    /** False also where nobody can tell. */
    static boolean isImmutable(Path realDirectory) throws IOException {
        return NativeCalls.available() && stat(realDirectory).isImmutable();
    }

    private static FileStat stat(Path realDirectory) throws IOException {
        try (Handle directory = Handle.directory(realDirectory)) {
            return directory.stat();
        }
    }

    /** Whether a commit of the stat branch says that the data is frozen. */
    static boolean isRecorded(ObjectReader reader, ObjectId tree) throws IOException {
        try (TreeWalk summary = TreeWalk.forPath(reader, StatTree.SUMMARY, tree)) {
            if (summary == null) {
                return false;
            }
            byte[] text = reader.open(summary.getObjectId(0)).getCachedBytes(MAX_SUMMARY);
            return SAYS_SO.matcher(new String(text, StandardCharsets.UTF_8)).find();
        }
    }
}
