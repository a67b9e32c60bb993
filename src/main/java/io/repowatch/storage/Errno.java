package io.repowatch.storage;

import java.io.IOException;

/** A system call that failed, with the number that says why. */
final class Errno extends IOException {
    private static final long serialVersionUID = 1L;

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int ENOSPC = 28;
    static final int ENOTEMPTY = 39;
    static final int ELOOP = 40;
    static final int ENODATA = 61;
    static final int EOPNOTSUPP = 95;
    static final int EDQUOT = 122;

    private final int number;

    Errno(int number, String call, String reason) {
        super(reason + " (" + call + ")");
        this.number = number;
    }

    int number() {
        return number;
    }

    boolean is(int... numbers) {
        for (int candidate : numbers) {
            if (candidate == number) {
                return true;
            }
        }
        return false;
    }

    /** Whether the name is gone, or is something else than it was when it was looked at. */
    boolean isChange() {
        return is(ENOENT, ENOTDIR, ELOOP);
    }
}
