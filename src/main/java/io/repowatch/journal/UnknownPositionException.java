package io.repowatch.journal;

import io.repowatch.id.Vid;
import org.jspecify.annotations.Nullable;

/** A read was asked to start after an event that the stream does not hold. */
public final class UnknownPositionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what happened. */
    public UnknownPositionException(String message) {
        super(message);
    }

    /** As above, with what it comes from. */
    public UnknownPositionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Ends with the text that foreign clients know (registry specification §2.2). */
    static UnknownPositionException of(StreamId stream, Vid after) {
        return new UnknownPositionException(
                "event " + after + " of stream " + stream + ": finding start failed: not found");
    }
}
