package io.repowatch.journal;

import io.repowatch.id.Vid;

/** What must be known of the stored streams to decide an append. */
interface Streams {

    /** The end of a stream, {@link Tail#EMPTY} if it has no events. */
    Tail tail(StreamId stream);

    /** Whether the stream holds an event with this id. */
    boolean holds(StreamId stream, Vid id);
}
