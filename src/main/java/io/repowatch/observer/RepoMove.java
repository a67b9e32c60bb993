package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import java.util.UUID;

/**
 * A move of a repo as its workflow's first event describes it (registry specification §3.4). Immutable.
 *
 * @param repo the repo
 * @param workflow the move
 * @param registry the registry's name
 * @param oldPath where the repo was in the registry's name space
 * @param newPath where it is going; may be the same, where only the directory moves
 * @param fileHost the storage host of both places
 * @param oldHostPath the data directory before, absolute
 * @param newHostPath the data directory after, absolute
 * @param oldShadowPath the shadow repo before, absolute
 */
public record RepoMove(
        UUID repo,
        UUID workflow,
        String registry,
        GlobalPath oldPath,
        GlobalPath newPath,
        String fileHost,
        String oldHostPath,
        String newHostPath,
        String oldShadowPath) {}
