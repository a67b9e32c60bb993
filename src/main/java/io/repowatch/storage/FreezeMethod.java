package io.repowatch.storage;

/** How data is made unchangeable. What a thing had before is told in bits, so that it can be given back. */
enum FreezeMethod {
    /** The immutable attribute; a bit says whether a thing had it already. */
    IMMUTABLE {
        @Override
        int bits(FileStat stat) {
            return stat.isImmutable() ? 1 : 0;
        }

        @Override
        int frozenBits() {
            return 1;
        }

        @Override
        void set(Handle thing, FileStat stat, int bits) throws Errno {
            int others = stat.flags() & ~FileStat.IMMUTABLE;
            thing.setFlags(bits == 0 ? others : others | FileStat.IMMUTABLE);
        }
    },
    /** No write permission for anybody; the bits are the write permissions that a thing had. */
    PERMISSIONS {
        @Override
        int bits(FileStat stat) {
            return stat.writeBits();
        }

        @Override
        int frozenBits() {
            return 0;
        }

        @Override
        void set(Handle thing, FileStat stat, int bits) throws Errno {
            thing.chmod(stat.permissions() & ~FileStat.WRITE_BITS | bits);
        }
    };

    /** What the thing has now. */
    abstract int bits(FileStat stat);

    /** What a frozen thing has. */
    abstract int frozenBits();

    /** Lets the thing have these bits, and all else as {@code stat} tells. */
    abstract void set(Handle thing, FileStat stat, int bits) throws Errno;

    boolean isFrozen(FileStat stat) {
        return bits(stat) == frozenBits();
    }
}
