package io.repowatch.client;

/**
 * A call got no answer from the registry, or one that says nothing about what was asked: the connection is down, the call took
 * too long, the server is overloaded or failed inside. The same call may succeed later.
 */
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    TransportException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The name of the gRPC status code, such as {@code UNAVAILABLE}. */
    public String code() {
        return code;
    }
}
