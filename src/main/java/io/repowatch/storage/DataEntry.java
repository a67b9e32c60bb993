package io.repowatch.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the file system says of one thing in a data directory. Links are not followed. */
record DataEntry(Path path, Kind kind, Inode inode, int links, long size, long mtime) {
    private static final String ATTRIBUTES = "unix:mode,dev,ino,nlink,size,lastModifiedTime";
    private static final int TYPE_BITS = 0xF000;

    enum Kind {
        DIRECTORY,
        FILE,
        LINK,
        OTHER;

        private static Kind of(int mode) {
            return switch (mode & TYPE_BITS) {
                case 0x4000 -> DIRECTORY;
                case 0x8000 -> FILE;
                case 0xA000 -> LINK;
                default -> OTHER;
            };
        }
    }

    /** Which thing it is, across renames. */
    record Inode(long device, long number) {}

    /** Null if there is no such thing; fails as {@link ReadErrors} says. */
    static @Nullable DataEntry read(Path path) {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            // Looking at a thing needs the right to enter its directory, not a right on the thing.
            throw ReadErrors.explained(path.resolveSibling(""), e);
        } catch (IOException e) {
            throw ReadErrors.explained(path, e);
        }
        return new DataEntry(
                path,
                Kind.of(((Number) value(attributes, "mode")).intValue()),
                new Inode(number(attributes, "dev"), number(attributes, "ino")),
                (int) number(attributes, "nlink"),
                number(attributes, "size"),
                ((FileTime) value(attributes, "lastModifiedTime")).to(TimeUnit.SECONDS));
    }

    private static Object value(Map<String, Object> attributes, String name) {
        Object value = attributes.get(name);
        if (value == null) {
            throw new IllegalStateException("the file system gives no attribute " + name);
        }
        return value;
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) value(attributes, name)).longValue();
    }

    boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    byte[] name() {
        return PathBytes.name(path);
    }
}
