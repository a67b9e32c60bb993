package io.repowatch.journal;

import io.repowatch.id.Vid;

/** The end of a stream: its version and how many events it has. */
record Tail(Vid vid, long count) {
    static final Tail EMPTY = new Tail(Vid.EPOCH, 0);

    /** The end after one more event. */
    Tail plus(Vid next) {
        return new Tail(next, count + 1);
    }
}
