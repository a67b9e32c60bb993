package io.repowatch.storage;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The system calls that Java has no way to make. The only class that knows JNA; got through {@link NativeCalls}, which knows where
 * there is none. Names are bytes without a terminator. Blocks; thread-safe.
 */
final class Posix {
    static final int READ = 0;
    static final int WRITE = 1;
    static final int READ_WRITE = 2;
    static final int CREATE = 0100;
    static final int EXCLUSIVE = 0200;
    static final int NONBLOCK = 04000;
    static final int CLOEXEC = 02000000;
    private static final boolean ARM =
            System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).equals("aarch64");
    static final int DIRECTORY = ARM ? 040000 : 0200000;
    static final int NOFOLLOW = ARM ? 0100000 : 0400000;
    static final int TMPFILE = 020000000 | DIRECTORY;

    static final int HERE = -100;
    private static final int SYMLINK_NOFOLLOW = 0x100;
    private static final int REMOVE_DIRECTORY = 0x200;
    private static final int EMPTY_PATH = 0x1000;
    private static final int NOREPLACE = 1;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int DONT_NEED = 4;
    private static final int ENXIO = 6;
    private static final int ERANGE = 34;
    private static final int GET_FLAGS = 0x80086601;
    private static final int SET_FLAGS = 0x40086602;

    private static final int STATX_SIZE = 256;
    private static final int STATX_BASIC_AND_BIRTH = 0xFFF;
    private static final int STATX_BIRTH = 0x800;
    private static final long ATTRIBUTE_MOUNT_ROOT = 0x2000;
    private static final int NAMES_AT_ONCE = 64 * 1024;
    private static final int XATTR_NAMES = 64 * 1024;

    static final Posix INSTANCE = new Posix();

    private Posix() {
        Native.register(Posix.class, NativeLibrary.getInstance("c"));
    }

    private static native int openat(int directory, byte[] name, int flags, int mode);

    private static native int close(int fd);

    private static native int statx(int directory, byte[] name, int flags, int mask, Pointer stat);

    private static native long getdents64(int fd, Pointer buffer, long size);

    private static native int mkdirat(int directory, byte[] name, int mode);

    private static native int unlinkat(int directory, byte[] name, int flags);

    private static native int renameat2(int from, byte[] fromName, int to, byte[] toName, int flags);

    private static native int linkat(int from, byte[] fromName, int to, byte[] toName, int flags);

    private static native int symlinkat(byte[] target, int directory, byte[] name);

    private static native long readlinkat(int directory, byte[] name, Pointer buffer, long size);

    private static native int mknodat(int directory, byte[] name, int mode, long device);

    private static native int fchmod(int fd, int mode);

    private static native int fchmodat(int directory, byte[] name, int mode, int flags);

    private static native int fchownat(int directory, byte[] name, int owner, int group, int flags);

    private static native int utimensat(int directory, byte[] name, Pointer times, int flags);

    private static native int futimens(int fd, Pointer times);

    private static native int fsync(int fd);

    private static native int ftruncate(int fd, long size);

    private static native long lseek(int fd, long offset, int whence);

    private static native long pread(int fd, byte[] buffer, long size, long offset);

    private static native long pwrite(int fd, byte[] buffer, long size, long offset);

    private static native int posix_fadvise(int fd, long offset, long size, int advice);

    private static native int ioctl(int fd, long request, int[] argument);

    private static native long flistxattr(int fd, byte[] names, long size);

    private static native long fgetxattr(int fd, byte[] name, byte[] value, long size);

    private static native int fsetxattr(int fd, byte[] name, byte[] value, long size, int flags);

    private static native int fremovexattr(int fd, byte[] name);

    private static native long llistxattr(byte[] path, byte[] names, long size);

    private static native long lgetxattr(byte[] path, byte[] name, byte[] value, long size);

    private static native int lsetxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

    private static native int lremovexattr(byte[] path, byte[] name);

    private static native int geteuid();

    private static native String strerror(int number);

    private static byte[] text(byte[] name) {
        return Arrays.copyOf(name, name.length + 1);
    }

    private static long check(String call, long result) throws Errno {
        if (result < 0) {
            throw failure(call, Native.getLastError());
        }
        return result;
    }

    private static Errno failure(String call, int number) {
        return new Errno(number, call, strerror(number));
    }

    int open(int directory, byte[] name, int flags, int mode) throws Errno {
        return (int) check("open", openat(directory, text(name), flags | CLOEXEC, mode));
    }

    void closeQuietly(int fd) {
        // Whatever was written was synced before; a close has nothing left to fail with.
        int ignored = close(fd);
    }

    FileStat stat(int directory, byte[] name) throws Errno {
        int flags = name.length == 0 ? EMPTY_PATH : SYMLINK_NOFOLLOW;
        try (Memory memory = new Memory(STATX_SIZE)) {
            check("statx", statx(directory, text(name), flags, STATX_BASIC_AND_BIRTH, memory));
            long attributes = memory.getLong(8);
            boolean hasBirth = (memory.getInt(0) & STATX_BIRTH) != 0;
            return new FileStat(
                    device(memory, 136),
                    memory.getLong(32),
                    hasBirth ? time(memory, 80) : 0,
                    memory.getShort(28) & 0xFFFF,
                    memory.getInt(16),
                    memory.getInt(20),
                    memory.getInt(24),
                    memory.getLong(40),
                    time(memory, 112),
                    time(memory, 96),
                    device(memory, 128),
                    (int) (attributes & (FileStat.IMMUTABLE | FileStat.APPEND)),
                    (attributes & ATTRIBUTE_MOUNT_ROOT) != 0);
        }
    }

    private static long time(Pointer memory, int offset) {
        // Years beyond what fits are no times that any file has honestly; they only have to compare equal.
        return memory.getLong(offset) * 1_000_000_000L + memory.getInt(offset + 8);
    }

    // As makedev of the C library.
    private static long device(Pointer memory, int offset) {
        long major = memory.getInt(offset) & 0xFFFFFFFFL;
        long minor = memory.getInt(offset + 4) & 0xFFFFFFFFL;
        return (major & 0xFFFFF000L) << 32 | (major & 0xFFF) << 8 | (minor & 0xFFFFFF00L) << 12 | (minor & 0xFF);
    }

    /** The names in a directory that was opened for this and is at its start. */
    List<byte[]> names(int fd) throws Errno {
        List<byte[]> names = new ArrayList<>();
        try (Memory memory = new Memory(NAMES_AT_ONCE)) {
            while (true) {
                long size = check("getdents64", getdents64(fd, memory, NAMES_AT_ONCE));
                if (size == 0) {
                    return names;
                }
                for (long at = 0; at < size; at += memory.getShort(at + 16) & 0xFFFF) {
                    byte[] name = name(memory, at + 19);
                    if (!isDots(name)) {
                        names.add(name);
                    }
                }
            }
        }
    }

    private static byte[] name(Memory memory, long start) {
        return memory.getByteArray(start, (int) memory.indexOf(start, (byte) 0));
    }

    private static boolean isDots(byte[] name) {
        return name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
    }

    void makeDirectory(int directory, byte[] name, int mode) throws Errno {
        check("mkdir", mkdirat(directory, text(name), mode));
    }

    void unlink(int directory, byte[] name, boolean isDirectory) throws Errno {
        check(isDirectory ? "rmdir" : "unlink", unlinkat(directory, text(name), isDirectory ? REMOVE_DIRECTORY : 0));
    }

    /** Never replaces anything, except, where a file system knows no better, an empty directory. */
    void rename(int from, byte[] fromName, int to, byte[] toName) throws Errno {
        int result = renameat2(from, text(fromName), to, text(toName), NOREPLACE);
        if (result < 0 && Native.getLastError() == Errno.EINVAL) {
            try {
                stat(to, toName);
                throw failure("rename", Errno.EEXIST);
            } catch (Errno e) {
                if (!e.is(Errno.ENOENT)) {
                    throw e;
                }
            }
            result = renameat2(from, text(fromName), to, text(toName), 0);
        }
        check("rename", result);
    }

    void link(int from, byte[] fromName, int to, byte[] toName) throws Errno {
        check("link", linkat(from, text(fromName), to, text(toName), 0));
    }

    void symlink(byte[] target, int directory, byte[] name) throws Errno {
        check("symlink", symlinkat(text(target), directory, text(name)));
    }

    byte[] readLink(int directory, byte[] name) throws Errno {
        for (int size = 4096; ; size *= 2) {
            try (Memory memory = new Memory(size)) {
                int length = (int) check("readlink", readlinkat(directory, text(name), memory, size));
                if (length < size) {
                    return memory.getByteArray(0, length);
                }
            }
        }
    }

    void makeSpecial(int directory, byte[] name, int mode, long device) throws Errno {
        check("mknod", mknodat(directory, text(name), mode, device));
    }

    void chmod(int fd, int mode) throws Errno {
        check("chmod", fchmod(fd, mode));
    }

    /** Follows links; for a directory that nobody else can change. */
    void chmodAt(int directory, byte[] name, int mode) throws Errno {
        check("chmod", fchmodat(directory, text(name), mode, 0));
    }

    void chown(int directory, byte[] name, int owner, int group) throws Errno {
        check("chown", fchownat(directory, text(name), owner, group, SYMLINK_NOFOLLOW | EMPTY_PATH));
    }

    /** Sets the time of the last change of content, in nanoseconds. */
    void setTime(int directory, byte[] name, long mtime) throws Errno {
        try (Memory times = new Memory(32)) {
            for (int i = 0; i < 2; i++) {
                times.setLong(i * 16L, Math.floorDiv(mtime, 1_000_000_000L));
                times.setLong(i * 16L + 8, Math.floorMod(mtime, 1_000_000_000L));
            }
            // Without a name it is the open thing itself.
            check(
                    "utimensat",
                    name.length == 0
                            ? futimens(directory, times)
                            : utimensat(directory, text(name), times, SYMLINK_NOFOLLOW));
        }
    }

    void sync(int fd) throws Errno {
        check("fsync", fsync(fd));
    }

    /** Lets the next read come from the disk; a hint that may be ignored. */
    void forget(int fd) {
        int ignored = posix_fadvise(fd, 0, 0, DONT_NEED);
    }

    void truncate(int fd, long size) throws Errno {
        check("ftruncate", ftruncate(fd, size));
    }

    /** The first byte at or after {@code offset} that is no hole; -1 if there is none. */
    long nextData(int fd, long offset) throws Errno {
        long result = lseek(fd, offset, SEEK_DATA);
        return result < 0 && Native.getLastError() == ENXIO ? -1 : check("lseek", result);
    }

    long nextHole(int fd, long offset) throws Errno {
        return check("lseek", lseek(fd, offset, SEEK_HOLE));
    }

    int read(int fd, byte[] buffer, int size, long offset) throws Errno {
        return (int) check("read", pread(fd, buffer, size, offset));
    }

    void write(int fd, byte[] buffer, int size, long offset) throws Errno {
        int done = 0;
        while (done < size) {
            byte[] rest = done == 0 ? buffer : Arrays.copyOfRange(buffer, done, size);
            done += (int) check("write", pwrite(fd, rest, size - done, offset + done));
        }
    }

    /** All flags of a file or directory; 0 where the file system has none. */
    int flags(int fd) throws Errno {
        int[] flags = new int[2];
        if (ioctl(fd, GET_FLAGS & 0xFFFFFFFFL, flags) < 0) {
            int number = Native.getLastError();
            if (number == Errno.ENOTTY || number == Errno.EOPNOTSUPP || number == Errno.EINVAL) {
                return 0;
            }
            throw failure("FS_IOC_GETFLAGS", number);
        }
        return flags[0];
    }

    void setFlags(int fd, int flags) throws Errno {
        check("FS_IOC_SETFLAGS", ioctl(fd, SET_FLAGS, new int[] {flags, 0}));
    }

    /** Extended attributes of an open file, or, with a path, of what has that name without following it. */
    List<byte[]> attributes(int fd, byte[] path) throws Errno {
        byte[] all = new byte[XATTR_NAMES];
        long size = path.length == 0 ? flistxattr(fd, all, all.length) : llistxattr(text(path), all, all.length);
        if (size < 0 && Native.getLastError() == Errno.EOPNOTSUPP) {
            return List.of();
        }
        check("listxattr", size);
        List<byte[]> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < size; i++) {
            if (all[i] == 0) {
                names.add(Arrays.copyOfRange(all, start, i));
                start = i + 1;
            }
        }
        return names;
    }

    byte[] attribute(int fd, byte[] path, byte[] name) throws Errno {
        for (int room = 1024; ; room *= 4) {
            byte[] value = new byte[room];
            long size = path.length == 0
                    ? fgetxattr(fd, text(name), value, room)
                    : lgetxattr(text(path), text(name), value, room);
            if (size >= 0) {
                return Arrays.copyOf(value, (int) size);
            }
            int number = Native.getLastError();
            if (number != ERANGE) {
                throw failure("getxattr " + new String(name, StandardCharsets.UTF_8), number);
            }
        }
    }

    void setAttribute(int fd, byte[] path, byte[] name, byte[] value) throws Errno {
        check(
                "setxattr " + new String(name, StandardCharsets.UTF_8),
                path.length == 0
                        ? fsetxattr(fd, text(name), value, value.length, 0)
                        : lsetxattr(text(path), text(name), value, value.length, 0));
    }

    void removeAttribute(int fd, byte[] path, byte[] name) throws Errno {
        check(
                "removexattr " + new String(name, StandardCharsets.UTF_8),
                path.length == 0 ? fremovexattr(fd, text(name)) : lremovexattr(text(path), text(name)));
    }

    boolean isRoot() {
        return geteuid() == 0;
    }
}
