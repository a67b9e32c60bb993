package io.repowatch.storage;

/**
 * Which thing it is, across renames and restarts. Device numbers may change when the machine boots, so where the time of birth is
 * known it stands in for them.
 */
record FileId(long device, long inode, long birth) {

    boolean is(FileStat stat) {
        return inode == stat.inode() && birth == stat.birth() && (birth != 0 || device == stat.device());
    }

    @Override
    public String toString() {
        return device + " " + inode + " " + birth;
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static FileId parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("no file id: " + PathBytes.printable(text));
        }
        return new FileId(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
}
