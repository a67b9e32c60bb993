package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.journal.Change;

/**
 * The ids of announcements: the time, then where in the feed of changes it is. So an id says where to go on reading, although
 * no announcement is stored.
 */
final class AnnouncementIds {
    private static final int INDEX_BITS = 16;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private AnnouncementIds() {}

    /** The id of the change that is number {@code index}, from 0, in its append. */
    static Vid of(Change change, int index) {
        long position = change.position();
        return new Vid(
                change.tail().timestampMillis() << INDEX_BITS | position >>> (Long.SIZE - INDEX_BITS),
                position << INDEX_BITS | index & INDEX_MASK);
    }

    /** The position of the append that an id is about; negative or too large if it is not the id of an announcement. */
    static long position(Vid id) {
        return id.hi() << (Long.SIZE - INDEX_BITS) | id.lo() >>> INDEX_BITS;
    }
}
