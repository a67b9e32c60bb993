package io.repowatch.registry;

import io.repowatch.wire.nogfso.RepoAclPolicy;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The registry aggregate. Immutable; versions share structure. Paths are clean, without trailing slash, {@code ""} for
 * {@code /}.
 *
 * @param name the registry's name, empty before it is initialised
 * @param ephemeralWorkflows the id of its workflow index, null before that is enabled
 * @param aclPolicy whether repos take over access lists of their root
 * @param roots the roots by path
 * @param repos the repos by id
 * @param paths the repos by current path
 * @param reserved the repos that are moving, by the path they move to
 */
record RegistryState(
        String name,
        @Nullable UUID ephemeralWorkflows,
        RepoAclPolicy.Policy aclPolicy,
        PersistentMap<String, RegistryRoot> roots,
        PersistentMap<UUID, RegistryRepo> repos,
        PersistentMap<String, UUID> paths,
        PersistentMap<String, UUID> reserved) {

    static final RegistryState INITIAL = new RegistryState(
            "",
            null,
            RepoAclPolicy.Policy.P_NO_ACLS,
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty());

    boolean initialized() {
        return !name.isEmpty();
    }

    @Nullable
    RegistryRepo repo(UUID id) {
        return repos.get(id);
    }

    @Nullable
    RegistryRoot root(String path) {
        return roots.get(path);
    }

    /** The deepest root that equals {@code path} or lies above it: the one choice that never depends on an order. */
    @Nullable
    RegistryRoot nearestRoot(String path) {
        for (String at = path; ; at = parent(at)) {
            RegistryRoot root = roots.get(at);
            if (root != null || at.isEmpty()) {
                return root;
            }
        }
    }

    /** The deepest repo strictly above {@code path}. */
    @Nullable
    RegistryRepo nearestAncestor(String path) {
        String at = path;
        while (!at.isEmpty()) {
            at = parent(at);
            UUID id = paths.get(at);
            if (id != null) {
                return repos.get(id);
            }
        }
        return null;
    }

    /** Whether a repo is at {@code path}, or is moving there. */
    boolean isTaken(String path) {
        return paths.containsKey(path) || reserved.containsKey(path);
    }

    /** Whether any repo is at or below {@code path}, or is moving there. */
    boolean hasRepoAtOrBelow(String path) {
        return anyAtOrBelow(paths, path) || anyAtOrBelow(reserved, path);
    }

    private static boolean anyAtOrBelow(PersistentMap<String, UUID> index, String path) {
        boolean[] found = new boolean[1];
        visitAtOrBelow(index, path, id -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    /** Shows the repos at or below {@code path}, ordered by path, until the visitor says false. */
    void visitReposAtOrBelow(String path, Predicate<RegistryRepo> visitor) {
        visitAtOrBelow(paths, path, id -> {
            RegistryRepo repo = repos.get(id);
            return repo == null || visitor.test(repo);
        });
    }

    /**
     * Shows the repos below {@code prefix} whose path comes after {@code last}, which is one of them, ordered by path, until
     * the visitor says false.
     */
    void visitReposAfter(String prefix, String last, Predicate<RegistryRepo> visitor) {
        String below = prefix + "/";
        String from = last.startsWith(below) ? last : below;
        paths.visitFrom(from, (at, id) -> {
            if (!at.startsWith(below)) {
                return false;
            }
            RegistryRepo repo = at.equals(last) ? null : repos.get(id);
            return repo == null || visitor.test(repo);
        });
    }

    private static void visitAtOrBelow(PersistentMap<String, UUID> index, String path, Predicate<UUID> visitor) {
        UUID own = index.get(path);
        if (own != null && !visitor.test(own)) {
            return;
        }
        String below = path + "/";
        index.visitFrom(below, (at, id) -> at.startsWith(below) && visitor.test(id));
    }

    /** The parent of a path that is not {@code ""}; a path that is not absolute, which only foreign events have, ends there. */
    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    RegistryState named(String newName) {
        return new RegistryState(newName, ephemeralWorkflows, aclPolicy, roots, repos, paths, reserved);
    }

    RegistryState withEphemeralWorkflows(UUID index) {
        return new RegistryState(name, index, aclPolicy, roots, repos, paths, reserved);
    }

    RegistryState withAclPolicy(RepoAclPolicy.Policy policy) {
        return new RegistryState(name, ephemeralWorkflows, policy, roots, repos, paths, reserved);
    }

    RegistryState withRoot(RegistryRoot root) {
        return withRoots(roots.put(root.path(), root));
    }

    RegistryState withoutRoot(String path) {
        return withRoots(roots.remove(path));
    }

    /** Changes a root; one that is not known, which only a foreign history can name, is ignored. */
    RegistryState withRoot(String path, UnaryOperator<RegistryRoot> change) {
        RegistryRoot root = roots.get(path);
        return root == null ? this : withRoot(change.apply(root));
    }

    private RegistryState withRoots(PersistentMap<String, RegistryRoot> newRoots) {
        return new RegistryState(name, ephemeralWorkflows, aclPolicy, newRoots, repos, paths, reserved);
    }

    /** Adds a repo that is at its path from now on. */
    RegistryState withNewRepo(RegistryRepo repo) {
        return withRepos(repos.put(repo.id(), repo), paths.put(repo.path(), repo.id()), reserved);
    }

    /** Changes a repo whose path stays; one that is not known is ignored. */
    RegistryState withRepo(UUID id, UnaryOperator<RegistryRepo> change) {
        RegistryRepo repo = repos.get(id);
        return repo == null ? this : withRepos(repos.put(id, change.apply(repo)), paths, reserved);
    }

    /** The repo is going to a new path, which is reserved from now on; it stays listed at the old one. */
    RegistryState withMove(UUID id, UUID workflow, String newPath) {
        RegistryRepo repo = repos.get(id);
        return repo == null
                ? this
                : withRepos(
                        repos.put(id, repo.moving(workflow, newPath)),
                        paths,
                        withoutReservation(repo).put(newPath, id));
    }

    /** The repo is at its new path, which is the old one if the move was aborted; only now the others are free. */
    RegistryState withMoved(RegistryRepo repo, RegistryRepo moved) {
        PersistentMap<String, UUID> free = repo.id().equals(paths.get(repo.path())) ? paths.remove(repo.path()) : paths;
        return withRepos(repos.put(moved.id(), moved), free.put(moved.path(), moved.id()), withoutReservation(repo));
    }

    private PersistentMap<String, UUID> withoutReservation(RegistryRepo repo) {
        String path = repo.pendingPath();
        return path != null && repo.id().equals(reserved.get(path)) ? reserved.remove(path) : reserved;
    }

    /** A repo strictly above {@code path} that is moving, from there or to there; null if there is none. */
    @Nullable
    RegistryRepo movingAbove(String path) {
        String at = path;
        while (!at.isEmpty()) {
            at = parent(at);
            UUID leaving = paths.get(at);
            RegistryRepo repo = leaving == null ? null : repos.get(leaving);
            if (repo != null && repo.pendingPath() != null) {
                return repo;
            }
            UUID coming = reserved.get(at);
            if (coming != null) {
                return repos.get(coming);
            }
        }
        return null;
    }

    /** A repo that is at or below {@code path}, or is moving there, and does not satisfy the condition; null if all do. */
    @Nullable
    RegistryRepo exceptionAtOrBelow(String path, Predicate<RegistryRepo> condition) {
        RegistryRepo[] found = new RegistryRepo[1];
        Predicate<UUID> visitor = id -> {
            RegistryRepo repo = repos.get(id);
            if (repo != null && !condition.test(repo)) {
                found[0] = repo;
            }
            return found[0] == null;
        };
        visitAtOrBelow(paths, path, visitor);
        if (found[0] == null) {
            visitAtOrBelow(reserved, path, visitor);
        }
        return found[0];
    }

    private RegistryState withRepos(
            PersistentMap<UUID, RegistryRepo> newRepos,
            PersistentMap<String, UUID> newPaths,
            PersistentMap<String, UUID> newReserved) {
        return new RegistryState(name, ephemeralWorkflows, aclPolicy, roots, newRepos, newPaths, newReserved);
    }
}
