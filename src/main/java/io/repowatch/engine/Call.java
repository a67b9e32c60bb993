package io.repowatch.engine;

import io.repowatch.id.Vid;

/**
 * A callback that is due, with what its success means.
 *
 * @param event the id of the live event, else the epoch
 */
record Call(Kind kind, Vid event) {
    static final Call QUIESCED = new Call(Kind.QUIESCED, Vid.EPOCH);
    static final Call CAUGHT_UP = new Call(Kind.CAUGHT_UP, Vid.EPOCH);

    enum Kind {
        QUIESCED,
        LIVE,
        CAUGHT_UP
    }

    static Call live(Vid event) {
        return new Call(Kind.LIVE, event);
    }
}
