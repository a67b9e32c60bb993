package io.repowatch.registry;

import java.util.UUID;

/**
 * Where the GitLab project of a repo is.
 *
 * @param host the GitLab host
 * @param path the project's path on it
 */
record GitlabLocation(String host, String path) {

    /** Whether a namespace names both a host and a group. */
    static boolean isNamespace(String namespace) {
        int slash = namespace.indexOf('/');
        return slash > 0 && slash < namespace.length() - 1;
    }

    /** The project of a repo in a namespace such as {@code gitlab.example.org/group/subgroup}. */
    static GitlabLocation of(String namespace, UUID repo) {
        int slash = namespace.indexOf('/');
        return new GitlabLocation(namespace.substring(0, slash), namespace.substring(slash + 1) + "/" + repo);
    }
}
