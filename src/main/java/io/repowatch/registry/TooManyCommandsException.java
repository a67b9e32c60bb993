package io.repowatch.registry;

/** A registry has as many commands without an answer as it may have; this one was not looked at, and may be repeated. */
final class TooManyCommandsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyCommandsException(int limit) {
        super("registry error: " + limit + " commands of this registry wait for the journal already; try again later");
    }
}
