package io.repowatch.client;

/** The registry sent something that the wire contract does not allow, such as an event id that has not 16 bytes. */
public final class MalformedDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedDataException(String message) {
        super(message);
    }
}
