package io.repowatch.journal;

import java.util.List;

/** The stored changes, for the {@link ChangeFeed}. Thread-safe. */
interface ChangeLog {

    /**
     * The changes of the next few appends after {@code position}, whole appends only and without a gap; empty if there is
     * none, also when the log is closed. May block.
     */
    List<Change> after(long position);
}
