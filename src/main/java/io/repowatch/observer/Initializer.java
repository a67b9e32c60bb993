package io.repowatch.observer;

import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Port: prepares a repo on this host. Every operation is cold (nothing happens before subscription), may be repeated, and
 * leaves either the whole result or none. The folded history comes as an argument, so that an implementation reads no event
 * stream. Long work runs on a bounded Scheduler of the implementation; cancelling ends it as soon as it can be ended safely.
 *
 * <p>Errors: {@link StrongError} is stored on the repo at once, {@link WeakError} is retried and then stored,
 * {@link StoredError} is known already, anything else is retried with back-off.
 */
public interface Initializer {

    /**
     * Emits what a processor needs to know. Answers from the history where that is complete, otherwise by asking the
     * registry. Strong error if the repo has no shadow or lives on another host.
     */
    Mono<RepoInfo> getRepo(RepoState state);

    /** Makes the shadow repo with its first commit and confirms it to the registry. Does nothing about GitLab. */
    Mono<Void> initRepo(RepoState state);

    /** Makes the GitLab project, pushes to it, and confirms it to the registry. */
    Mono<Void> enableGitlab(RepoState state);

    /**
     * Brings data and shadow of a repo to where a move leads, verifies them, and emits the shadow's new path. Started again
     * after an interruption it goes on where it stopped; what is done already is found done. The repo is disabled meanwhile.
     * Errors are retried with back-off and never stored. By default an error: this initializer moves nothing.
     */
    default Mono<String> moveRepo(RepoMove move) {
        return Mono.error(() -> new UnsupportedOperationException("this initializer cannot move repos"));
    }

    /** How far {@link #moveRepo} is and what it waits for, in words for an operator; empty if nothing is known of that move. */
    default String moveProgress(UUID workflow) {
        return "";
    }
}
