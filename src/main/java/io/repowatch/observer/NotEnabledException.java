package io.repowatch.observer;

import java.time.Duration;
import java.util.UUID;

/** A repo was waited for in vain. */
final class NotEnabledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotEnabledException(UUID repo, Duration limit) {
        super("repo " + repo + " was not enabled within " + limit);
    }
}
