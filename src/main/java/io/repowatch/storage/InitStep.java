package io.repowatch.storage;

/** The steps of making a shadow repo, in order. Between any two of them the process may die. */
enum InitStep {
    LEFTOVERS_REMOVED,
    PARENTS_MADE,
    SKELETON_WRITTEN,
    OBJECTS_WRITTEN,
    BRANCHES_WRITTEN,
    SYNCED,
    RENAMED;

    /** Hears of each step that is done; tests die here. */
    interface Listener {
        void done(InitStep step);
    }
}
