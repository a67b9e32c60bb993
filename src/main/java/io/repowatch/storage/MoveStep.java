package io.repowatch.storage;

/** What a move has just done, or is about to do. */
enum MoveStep {
    PARENTS_MADE,
    RECORDED,
    LIFTED,
    RENAMED,
    COPY_MADE,
    /** Looked at something, and opens it next. */
    LOOKED,
    FILE_COPIED,
    PASSED,
    SET_ASIDE,
    FLAGGED,
    SWITCHED,
    SETTLED,
    CONFIGURED,
    VERIFIED,
    SOURCE_REMOVED,
    FORGOTTEN;

    /** Hears of each step; tests die here, or change the files. */
    interface Listener {
        Listener NONE = step -> {};

        void done(MoveStep step);
    }
}
