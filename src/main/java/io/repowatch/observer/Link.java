package io.repowatch.observer;

import java.util.UUID;

/** One link of a repo's chain; also the tag under which the chain knows it. */
sealed interface Link {

    /** Follows a repo that is here already. */
    record Follow() implements Link {}

    /** Waits for a move that brings the repo here, takes it over, and then follows it. */
    record Acquire(UUID workflow) implements Link {}

    /** The shared {@link Follow}. */
    Link FOLLOW = new Follow();
}
