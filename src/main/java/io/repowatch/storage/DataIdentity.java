package io.repowatch.storage;

import io.repowatch.observer.StrongError;
import io.repowatch.storage.DataEntry.Inode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Tells an emptied data directory from one that is not mounted. The mount point of an unmounted file system is a directory too,
 * mostly an empty one; committing it would say that everything was deleted. So the shadow remembers which directory it last saw,
 * by device and inode, in {@code .git/fso/realdir-id}. Another directory at the same path is taken, and remembered, as long as
 * something of the last commit is in it (device numbers change with a reboot); it is refused when nothing is.
 */
final class DataIdentity {
    private static final Pattern EMPTY_BEFORE =
            Pattern.compile("^dirs: 1\nfiles: 0\nlinks: 0\nothers: 0$", Pattern.MULTILINE);
    private static final Pattern FORMAT = Pattern.compile("(-?\\d+) (-?\\d+)\\s*");
    private static final int MAX_SUMMARY = 64 * 1024;

    private final Path file;

    DataIdentity(Path shadow) {
        this.file = shadow.resolve(ShadowRepo.GIT).resolve("fso").resolve("realdir-id");
    }

    static String format(DataEntry root) {
        return root.inode().device() + " " + root.inode().number() + "\n";
    }

    /** Remembers the directory, if it is another than before. */
    void remember(DataEntry root) throws IOException {
        if (!root.inode().equals(read())) {
            Durable.replace(file, format(root));
        }
    }

    /** Whether it is the directory last seen. */
    boolean remembers(DataEntry root) throws IOException {
        return root.inode().equals(read());
    }

    /** Strong error if this may be the bare mount point of what the tree was made of. */
    void requirePlausible(DataEntry root, ObjectReader reader, ObjectId lastTree) throws IOException {
        Inode known = read();
        if (root.inode().equals(known) || !hadContent(reader, lastTree)) {
            return;
        }
        // Without a memory (a shadow made by another program) only an empty directory is suspicious.
        if (known == null ? anything(root) : somethingIsLeft(root, reader, lastTree)) {
            return;
        }
        throw new StrongError(
                "not mounted? It is another directory than before, and nothing of the last commit is in it."
                        + " Mount it; or, if this is right, remove " + PathBytes.printable(file)
                        + " and put a file into it");
    }

    private @Nullable Inode read() throws IOException {
        try {
            Matcher content = FORMAT.matcher(Files.readString(file));
            return content.matches()
                    ? new Inode(Long.parseLong(content.group(1)), Long.parseLong(content.group(2)))
                    : null;
        } catch (NoSuchFileException | NumberFormatException e) {
            return null;
        }
    }

    private static boolean hadContent(ObjectReader reader, ObjectId tree) throws IOException {
        try (TreeWalk summary = TreeWalk.forPath(reader, StatTree.SUMMARY, tree)) {
            if (summary == null) {
                return false;
            }
            byte[] text = reader.open(summary.getObjectId(0)).getCachedBytes(MAX_SUMMARY);
            return !EMPTY_BEFORE
                    .matcher(new String(text, StandardCharsets.UTF_8))
                    .find();
        }
    }

    private static boolean somethingIsLeft(DataEntry root, ObjectReader reader, ObjectId tree) throws IOException {
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, tree);
        boolean hadEntries = false;
        for (; !entries.eof(); entries.next()) {
            byte[] name = new byte[entries.getNameLength()];
            entries.getName(name, 0);
            if (HiddenNames.hides(name, FileMode.SYMLINK.equals(entries.getEntryRawMode()))) {
                continue;
            }
            hadEntries = true;
            if (Files.exists(PathBytes.resolve(root.path(), name), LinkOption.NOFOLLOW_LINKS)) {
                return true;
            }
        }
        // Where only a summary was kept, all that can be asked is whether there is anything.
        return !hadEntries && anything(root);
    }

    private static boolean anything(DataEntry root) throws IOException {
        try (var children = Files.newDirectoryStream(root.path())) {
            return children.iterator().hasNext();
        } catch (IOException e) {
            throw ReadErrors.explained(root.path(), e);
        }
    }
}
