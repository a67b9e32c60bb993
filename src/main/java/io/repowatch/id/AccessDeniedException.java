package io.repowatch.id;

/** The authorizer said no. */
public final class AccessDeniedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names who, what and where. */
    public AccessDeniedException(Principal principal, String action, AccessScope scope) {
        super(principal.name() + " may not " + action + " on " + scope);
    }
}
