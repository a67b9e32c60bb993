package io.repowatch.registry;

/** Who agrees to a move of a repo on behalf of the application. */
public enum MoveAccept {
    /** The registry, as part of beginning the move: nobody else has a say. */
    AUTO,
    /** Whoever posts {@code PostMoveRepoAppAccepted}; a move waits for it. */
    MANUAL
}
