package io.repowatch.storage;

import java.util.UUID;

/** A request for a repo that is not enabled here: it never was, or it was disabled while the request waited. */
public final class RepoNotEnabledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names the repo. */
    public RepoNotEnabledException(UUID repo) {
        super("repo " + repo + " is not enabled on this host");
    }
}
