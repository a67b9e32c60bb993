package io.repowatch.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Copies all shadow repos below a root, also while the service makes, moves and commits to them: each as it was at one moment. The
 * copy holds every shadow that was complete when it began and stayed where it was, perhaps with newer commits; a shadow that moved
 * meanwhile may be there twice. What is under way, such as a shadow that is just being made, is left out. Each copy is checked
 * by the checksums of its packs and by its branches. Blocks; for one thread.
 */
public final class ShadowCopy {
    private static final int PASSES = 5;
    private static final String SUFFIX = ".fso";
    private static final String OBJECTS = "objects";

    private final Path from;
    private final Path to;
    private final Consumer<Path> before;
    private int shadows;
    private boolean moved;

    private ShadowCopy(Path from, Path to, Consumer<Path> before) {
        this.from = from;
        this.to = to;
        this.before = before;
    }

    /**
     * Copies and brings the copy to the disk.
     *
     * @param from a shadow root; one that does not exist has no shadows
     * @param to where to; must not exist
     * @return the number of shadows
     * @throws IOException if one is damaged or cannot be read, which the message names, or the copy cannot be written
     */
    public static int copy(Path from, Path to) throws IOException {
        return copy(from, to, shadow -> {});
    }

    /** As above; tells which shadow comes next, which is when a test moves things. */
    static int copy(Path from, Path to, Consumer<Path> before) throws IOException {
        if (!Files.exists(from)) {
            return 0;
        }
        ShadowCopy copy = new ShadowCopy(from, to, before);
        for (int pass = 0; pass < PASSES; pass++) {
            copy.moved = false;
            copy.directory(from);
            if (!copy.moved) {
                Durable.syncTree(to);
                return copy.shadows;
            }
        }
        throw new IOException("the shadow repos below " + PathBytes.printable(from)
                + " were moved again and again while they were copied; try again later");
    }

    private Path target(Path source) {
        return to.resolve(from.relativize(source));
    }

    private void directory(Path source) throws IOException {
        Path target = target(source);
        if (!Files.isDirectory(target)) {
            makeLike(source, target);
        }
        for (Path path : entries(source)) {
            boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
            if (isUnderWay(path) || Files.exists(target(path), LinkOption.NOFOLLOW_LINKS) && !directory) {
                continue;
            }
            if (directory && path.getFileName().toString().endsWith(SUFFIX)) {
                shadow(path);
            } else if (directory) {
                otherDirectory(path);
            } else {
                file(path, target(path));
            }
        }
    }

    private void otherDirectory(Path source) throws IOException {
        try {
            directory(source);
        } catch (NoSuchFileException e) {
            requireGone(source, e);
        }
    }

    private void shadow(Path source) throws IOException {
        Path target = target(source);
        if (Files.exists(target)) {
            return;
        }
        before.accept(source);
        for (int attempt = 1; ; attempt++) {
            try {
                tree(source, target);
                requireComplete(source, target);
                shadows++;
                return;
            } catch (NoSuchFileException e) {
                // Something in it came and went, or it was moved as a whole.
                Durable.delete(target);
                if (!Files.exists(source)) {
                    moved = true;
                    return;
                }
                if (attempt == PASSES) {
                    throw e;
                }
            }
        }
    }

    private void requireGone(Path source, NoSuchFileException e) throws IOException {
        if (Files.exists(source)) {
            throw e;
        }
        moved = true;
    }

    /** Objects last: whatever the branches name by then is among them, because objects are only ever added. */
    private static void tree(Path source, Path target) throws IOException {
        makeLike(source, target);
        List<Path> entries = entries(source);
        entries.sort((a, b) -> Boolean.compare(isObjects(a), isObjects(b)));
        for (Path path : entries) {
            Path copy = target.resolve(path.getFileName());
            if (isUnderWay(path)) {
                continue;
            }
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                tree(path, copy);
            } else {
                file(path, copy);
                PackChecksum.require(path, copy);
            }
        }
    }

    private static boolean isObjects(Path path) {
        return path.endsWith(Path.of(ShadowRepo.GIT, OBJECTS));
    }

    private static boolean isUnderWay(Path path) {
        String name = path.getFileName().toString();
        return name.contains(ShadowCreation.TEMPORARY)
                || name.endsWith(".lock")
                || name.endsWith(".new")
                || name.startsWith(PackFile.TEMPORARY);
    }

    private static void file(Path source, Path target) throws IOException {
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    }

    private static void makeLike(Path source, Path target) throws IOException {
        Files.createDirectory(target);
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(source));
        // Whatever the permissions were, the copy is still to be filled.
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx" + permissions.substring(3)));
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        }
        return entries;
    }

    private static void requireComplete(Path source, Path copy) throws IOException {
        UUID id = ShadowRepo.idOf(copy);
        ExistingShadow found = id == null ? ExistingShadow.BROKEN : ExistingShadow.inspect(copy, id);
        if (found == ExistingShadow.BROKEN || found == ExistingShadow.ABSENT) {
            throw damaged(source, "its branches cannot be read");
        }
    }

    static IOException damaged(Path shadow, String what) {
        return new IOException("the shadow repo " + PathBytes.printable(shadow) + " is damaged: " + what);
    }
}
