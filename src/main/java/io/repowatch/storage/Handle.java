package io.repowatch.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An open file or directory. What is done through it is done to this very thing, whatever has happened to its name since: a
 * directory that is renamed, or replaced by a link, leads nowhere else. Blocks; for one thread.
 */
final class Handle implements AutoCloseable {
    /** In place of a name: the open thing itself. */
    static final byte[] SELF = {};

    private static final byte[] DOT = {'.'};

    private final Posix posix;
    private final int fd;

    private Handle(Posix posix, int fd) {
        this.posix = posix;
        this.fd = fd;
    }

    /** The directory at a path, links on the way followed: the way to a repo's parent is the administrator's. */
    static Handle directory(Path absolute) throws IOException {
        Posix posix = NativeCalls.require();
        return new Handle(posix, posix.open(Posix.HERE, PathBytes.of(absolute), Posix.READ | Posix.DIRECTORY, 0));
    }

    /** A directory in this one. Fails if it is a link, or another than {@code expected}. */
    Handle enter(byte[] name, FileStat expected) throws IOException {
        return same(opened(name, Posix.READ | Posix.DIRECTORY | Posix.NOFOLLOW), expected);
    }

    /** A file in this directory, for reading. Fails if it is a link, or another than {@code expected}. */
    Handle file(byte[] name, FileStat expected) throws IOException {
        return same(opened(name, Posix.READ | Posix.NOFOLLOW | Posix.NONBLOCK), expected);
    }

    private Handle opened(byte[] name, int flags) throws Errno {
        return new Handle(posix, posix.open(fd, name, flags, 0));
    }

    private static Handle same(Handle opened, FileStat expected) throws IOException {
        FileStat now;
        try {
            now = opened.stat();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        if (!now.isSame(expected)) {
            opened.close();
            throw new Errno(Errno.ENOENT, "open", "replaced while it was opened");
        }
        return opened;
    }

    /** A new file in this directory, for reading and writing. */
    Handle create(byte[] name) throws Errno {
        int flags = Posix.READ_WRITE | Posix.CREATE | Posix.EXCLUSIVE | Posix.NOFOLLOW;
        return new Handle(posix, posix.open(fd, name, flags, 0600));
    }

    Handle makeDirectory(byte[] name) throws IOException {
        posix.makeDirectory(fd, name, 0700);
        return enter(name, stat(name));
    }

    FileStat stat() throws Errno {
        return posix.stat(fd, SELF);
    }

    FileStat stat(byte[] name) throws Errno {
        return posix.stat(fd, name);
    }

    /** As {@link #stat(byte[])}, null if there is no such name. */
    @Nullable
    FileStat find(byte[] name) throws Errno {
        try {
            return stat(name);
        } catch (Errno e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            throw e;
        }
    }

    /** The names in this directory, sorted by their bytes. */
    List<byte[]> names() throws Errno {
        try (Handle again = opened(DOT, Posix.READ | Posix.DIRECTORY)) {
            List<byte[]> names = posix.names(again.fd);
            names.sort(Arrays::compareUnsigned);
            return names;
        }
    }

    void unlink(byte[] name) throws Errno {
        posix.unlink(fd, name, false);
    }

    void removeDirectory(byte[] name) throws Errno {
        posix.unlink(fd, name, true);
    }

    /** Never replaces anything. */
    void rename(byte[] name, Handle to, byte[] newName) throws Errno {
        posix.rename(fd, name, to.fd, newName);
    }

    void link(byte[] name, Handle to, byte[] newName) throws Errno {
        posix.link(fd, name, to.fd, newName);
    }

    void symlink(byte[] target, byte[] name) throws Errno {
        posix.symlink(target, fd, name);
    }

    byte[] readLink(byte[] name) throws Errno {
        return posix.readLink(fd, name);
    }

    /** Makes a pipe, socket or device file with the type, device and permissions of another. */
    void makeSpecial(byte[] name, FileStat like) throws Errno {
        posix.makeSpecial(fd, name, like.type() | 0600, like.special());
        posix.chmodAt(fd, name, like.permissions());
    }

    void chmod(int permissions) throws Errno {
        posix.chmod(fd, permissions);
    }

    /** Of this very thing, or, with a name, of what has it here, which may be a link. */
    void chown(byte[] name, int owner, int group) throws Errno {
        posix.chown(fd, name, owner, group);
    }

    void setTime(byte[] name, long mtime) throws Errno {
        posix.setTime(fd, name, mtime);
    }

    void sync() throws Errno {
        posix.sync(fd);
    }

    int read(byte[] buffer, int size, long offset) throws Errno {
        return posix.read(fd, buffer, size, offset);
    }

    void write(byte[] buffer, int size, long offset) throws Errno {
        posix.write(fd, buffer, size, offset);
    }

    void truncate(long size) throws Errno {
        posix.truncate(fd, size);
    }

    long nextData(long offset) throws Errno {
        return posix.nextData(fd, offset);
    }

    long nextHole(long offset) throws Errno {
        return posix.nextHole(fd, offset);
    }

    /** The next read comes from the disk, if the system follows the hint. */
    void forget() {
        posix.forget(fd);
    }

    /** Sets exactly these of {@link FileStat#IMMUTABLE} and {@link FileStat#APPEND}; leaves all other flags. */
    void setFlags(int flags) throws Errno {
        int before = posix.flags(fd);
        int after = before & ~(FileStat.IMMUTABLE | FileStat.APPEND) | flags;
        if (before != after) {
            posix.setFlags(fd, after);
        }
    }

    /** The extended attributes, access control lists among them; by name, names and values as they are. */
    SortedMap<String, byte[]> attributes() throws Errno {
        return attributes(SELF);
    }

    /** Those of a link or another thing that cannot be opened. */
    SortedMap<String, byte[]> attributesOf(byte[] name) throws Errno {
        return attributes(below(name));
    }

    private SortedMap<String, byte[]> attributes(byte[] path) throws Errno {
        SortedMap<String, byte[]> all = new TreeMap<>();
        for (byte[] name : posix.attributes(fd, path)) {
            try {
                all.put(new String(name, StandardCharsets.ISO_8859_1), posix.attribute(fd, path, name));
            } catch (Errno e) {
                if (!e.is(Errno.ENODATA)) {
                    throw e;
                }
            }
        }
        return all;
    }

    void setAttribute(byte[] name, String key, byte[] value) throws Errno {
        posix.setAttribute(fd, below(name), key.getBytes(StandardCharsets.ISO_8859_1), value);
    }

    void removeAttribute(byte[] name, String key) throws Errno {
        posix.removeAttribute(fd, below(name), key.getBytes(StandardCharsets.ISO_8859_1));
    }

    // Through the handle, so that no other directory can come between.
    private byte[] below(byte[] name) {
        if (name.length == 0) {
            return SELF;
        }
        byte[] start = ("/proc/self/fd/" + fd + "/").getBytes(StandardCharsets.US_ASCII);
        byte[] path = Arrays.copyOf(start, start.length + name.length);
        System.arraycopy(name, 0, path, start.length, name.length);
        return path;
    }

    /** The time of this directory's file system, by which it marks changes; nanoseconds. */
    long now(byte[] temporary) throws Errno {
        try (Handle unnamed = new Handle(posix, posix.open(fd, DOT, Posix.WRITE | Posix.TMPFILE, 0600))) {
            return unnamed.stat().ctime();
        } catch (Errno e) {
            if (!e.is(Errno.EOPNOTSUPP, Errno.EINVAL, Errno.EISDIR, Errno.ENOENT)) {
                throw e;
            }
        }
        if (find(temporary) != null) {
            unlink(temporary);
        }
        try (Handle named = create(temporary)) {
            return named.stat().ctime();
        } finally {
            unlink(temporary);
        }
    }

    /** Whether this process may do nearly everything, whatever permissions say. */
    boolean isRoot() {
        return posix.isRoot();
    }

    @Override
    public void close() {
        posix.closeQuietly(fd);
    }
}
