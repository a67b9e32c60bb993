package io.repowatch.registry;

import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import org.jspecify.annotations.Nullable;

/**
 * What the repos around say to a move. Directories contain each other like paths do: a repo takes those below it along, and
 * what is above it changes.
 */
final class MoveNeighbours {
    private MoveNeighbours() {}

    /** Why {@code repo} does not move to {@code path}; null if it may. */
    static @Nullable Rejection refused(RegistryState state, RegistryRepo repo, String path) {
        Rejection above = refusedAbove(state, repo.path());
        if (above == null) {
            above = refusedAbove(state, path);
        }
        if (above != null) {
            return above;
        }
        RegistryRepo stranded = state.exceptionAtOrBelow(repo.path(), other -> movesAlong(other, repo, path));
        if (stranded == null) {
            stranded = state.exceptionAtOrBelow(path, other -> movesAlong(other, repo, path));
        }
        return stranded == null
                ? null
                : Refusals.precondition("cannot move repo: repo " + stranded.id() + " at " + stranded.path()
                        + " is in the way; a repo moves with those below it only after their own moves were begun");
    }

    /** Why nothing may appear at {@code path} or vanish from it; null if it may. */
    static @Nullable Rejection refusedAbove(RegistryState state, String path) {
        RegistryRepo ancestor = state.nearestAncestor(path);
        if (ancestor != null && ancestor.tier() != StorageTierCode.ST_ONLINE) {
            return Refusals.precondition("parent repo immutable");
        }
        RegistryRepo moving = state.movingAbove(path);
        return moving == null
                ? null
                : Refusals.precondition("parent repo is moving: repo " + moving.id() + " from " + moving.path() + " to "
                        + moving.pendingPath());
    }

    /** Whether {@code other} is the repo itself, or goes to where the repo takes it. */
    private static boolean movesAlong(RegistryRepo other, RegistryRepo repo, String path) {
        return other.id().equals(repo.id())
                || (other.path().startsWith(repo.path() + "/")
                        && (path + other.path().substring(repo.path().length())).equals(other.pendingPath()));
    }
}
