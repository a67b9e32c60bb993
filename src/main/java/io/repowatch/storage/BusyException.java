package io.repowatch.storage;

/** Too much is waiting already; the request was refused without any effect and may be repeated later. */
public final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is full. */
    public BusyException(String message) {
        super(message);
    }
}
