package io.repowatch.storage;

/** What a freeze or unfreeze has just done, or is about to do. */
enum FreezeStep {
    RECORDED,
    /** Looked at something, and opens it next. */
    LOOKED,
    /** Changed something. */
    CHANGED,
    WALKED,
    COMMITTED,
    COMPLETED,
    RESTORED,
    FORGOTTEN;

    /** Hears of each step; tests die here, or change the files. */
    interface Listener {
        Listener NONE = step -> {};

        void done(FreezeStep step);
    }
}
