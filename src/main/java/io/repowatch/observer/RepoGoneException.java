package io.repowatch.observer;

import java.util.UUID;

/** The repo has left this host for good, so nobody here can wait for it to be enabled. */
public final class RepoGoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The repo that has left. */
    public RepoGoneException(UUID repo) {
        super("repo " + repo + " has left this host");
    }
}
