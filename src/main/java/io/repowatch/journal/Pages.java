package io.repowatch.journal;

import java.util.List;

/**
 * A sequence that is read page by page as somebody asks for it. Not thread-safe: used by one {@link PagedSubscription},
 * which never calls it twice at a time.
 */
interface Pages<T> {

    /** The next page; empty if there is nothing more now. May block, and may throw what the subscriber is to see. */
    List<T> next();

    /** Whether no page will follow beyond those that {@link #next} can give at this moment. */
    boolean finished();
}
