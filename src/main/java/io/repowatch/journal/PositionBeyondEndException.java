package io.repowatch.journal;

/**
 * A change feed was asked to start after a position that the journal has not reached, as when the journal was restored from a
 * backup older than the position. Whoever asked knows things that never happened here, and has to begin anew from 0.
 */
public final class PositionBeyondEndException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long position;
    private final long end;

    PositionBeyondEndException(long position, long end) {
        super("the change feed cannot start after position " + position + ", because the journal ends at position "
                + end + "; if the journal was restored from a backup, start from 0");
        this.position = position;
        this.end = end;
    }

    /** The position that was asked for. */
    public long position() {
        return position;
    }

    /** The position of the newest append of the journal. */
    public long end() {
        return end;
    }
}
