package io.repowatch.storage;

/**
 * What the system says of a thing; links are not followed.
 *
 * @param device where it is
 * @param birth when it was made, in nanoseconds; 0 where the file system does not know
 * @param mode type and permission bits
 * @param special the device that a device file stands for
 * @param flags {@link #IMMUTABLE} and {@link #APPEND}
 * @param mountRoot whether something is mounted here
 */
record FileStat(
        long device,
        long inode,
        long birth,
        int mode,
        int links,
        int owner,
        int group,
        long size,
        long mtime,
        long ctime,
        long special,
        int flags,
        boolean mountRoot) {

    static final int IMMUTABLE = 0x10;
    static final int APPEND = 0x20;

    static final int WRITE_BITS = 0222;
    private static final int TYPE = 0170000;
    private static final int PERMISSIONS = 07777;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    int type() {
        return mode & TYPE;
    }

    int permissions() {
        return mode & PERMISSIONS;
    }

    int writeBits() {
        return mode & WRITE_BITS;
    }

    boolean isDirectory() {
        return type() == DIRECTORY;
    }

    boolean isRegular() {
        return type() == REGULAR;
    }

    boolean isLink() {
        return type() == LINK;
    }

    boolean isImmutable() {
        return (flags & IMMUTABLE) != 0;
    }

    FileId id() {
        return new FileId(device, inode, birth);
    }

    boolean isSame(FileStat other) {
        return device == other.device && inode == other.inode && type() == other.type();
    }
}
