package io.repowatch.observer;

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
}
