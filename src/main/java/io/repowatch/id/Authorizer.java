package io.repowatch.id;

/**
 * Decides whether a request may be made. Every RPC asks at least once before it answers or writes anything; where the scope is
 * the path of a repo, the path has to be looked up first (registry specification, sections 4 and 7). Thread-safe, never blocks.
 */
@FunctionalInterface
public interface Authorizer {

    /** Allows everything: right for a server that only listens on loopback. */
    Authorizer ALLOW_ALL = (principal, action, scope) -> {};

    /**
     * Returns if allowed.
     *
     * @param action such as {@code fso/init-repo}
     * @throws AccessDeniedException if not
     */
    void check(Principal principal, String action, AccessScope scope);
}
