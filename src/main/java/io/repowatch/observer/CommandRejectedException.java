package io.repowatch.observer;

/** The registry answered and said no. Repeating the same command would get the same answer. */
public final class CommandRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code the name of the gRPC status code, such as {@code FAILED_PRECONDITION}
     * @param message what the registry said
     */
    public CommandRejectedException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** The name of the gRPC status code. */
    public String code() {
        return code;
    }
}
