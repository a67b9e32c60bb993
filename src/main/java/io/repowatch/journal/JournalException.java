package io.repowatch.journal;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The store failed or cannot be opened; the message names what is wrong and what to do. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What a caller can do about it. */
    public enum Kind {
        /** Something that was stored cannot be read any more: repeating does not help, a backup does. */
        DAMAGED,
        /** There is no room to store anything: it can be repeated once there is, and the journal was opened again. */
        FULL,
        /** Anything else, such as a journal that is closed or in use: it may be repeated. */
        UNAVAILABLE
    }

    /** Says what happened; the kind is {@link Kind#UNAVAILABLE}. */
    public JournalException(String message) {
        this(Kind.UNAVAILABLE, message, null);
    }

    /** As above, with what it comes from. */
    public JournalException(String message, @Nullable Throwable cause) {
        this(Kind.UNAVAILABLE, message, cause);
    }

    /** Says what happened, of what kind it is, and what it comes from. */
    public JournalException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What a caller can do about it. */
    public Kind kind() {
        return kind;
    }

    static JournalException closed() {
        return new JournalException("the journal is closed; open it again to use it");
    }

    /** A record that is there and wrong, or that should be there and is not. */
    static JournalException damaged(String what) {
        return new JournalException(
                Kind.DAMAGED, "the journal is damaged: " + what + "; restore the directory from a backup", null);
    }

    /** Of what kind the store's own error is. */
    static Kind kindOf(@Nullable Throwable error) {
        Status status = error instanceof RocksDBException e ? e.getStatus() : null;
        if (status == null) {
            return Kind.UNAVAILABLE;
        }
        if (status.getSubCode() == Status.SubCode.NoSpace) {
            return Kind.FULL;
        }
        return status.getCode() == Status.Code.Corruption ? Kind.DAMAGED : Kind.UNAVAILABLE;
    }
}
