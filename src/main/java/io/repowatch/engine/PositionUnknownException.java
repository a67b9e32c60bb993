package io.repowatch.engine;

import io.repowatch.id.Vid;

/** A read was asked to start after an event that the stream does not hold; the reader has to start from the epoch. */
public final class PositionUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names the stream and the position. */
    public PositionUnknownException(Object stream, Vid after) {
        super("stream " + stream + " holds no event " + after);
    }
}
