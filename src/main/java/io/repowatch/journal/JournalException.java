package io.repowatch.journal;

import org.jspecify.annotations.Nullable;

/** The store failed or cannot be opened; the message names what is wrong and what to do. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what happened. */
    public JournalException(String message) {
        super(message);
    }

    /** As above, with what it comes from. */
    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static JournalException closed() {
        return new JournalException("the journal is closed; open it again to use it");
    }
}
