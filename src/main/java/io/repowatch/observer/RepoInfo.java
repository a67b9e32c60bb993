package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a processor needs to know of a repo that has a shadow.
 *
 * @param id the repo
 * @param vid the version of the repo's stream that this information stands for
 * @param registry the registry it belongs to
 * @param globalPath where it is in the registry's name space
 * @param fileHost the storage host
 * @param hostPath the data directory on that host, absolute
 * @param shadowPath the shadow repo on that host, absolute
 * @param gitlab the GitLab location as {@code host:path}, null if there is none
 * @param tier the storage tier (registry specification §3.2.2)
 */
public record RepoInfo(
        UUID id,
        Vid vid,
        String registry,
        GlobalPath globalPath,
        String fileHost,
        String hostPath,
        String shadowPath,
        @Nullable String gitlab,
        StorageTierCode tier) {

    /** What the folded history tells; empty if it does not tell all of it, as before there is a shadow. */
    public static Optional<RepoInfo> of(RepoState state) {
        GlobalPath path = state.globalPath();
        boolean complete = path != null
                && !state.tail().isEpoch()
                && Stream.of(state.registry(), state.fileHost(), state.hostPath(), state.shadowPath())
                        .noneMatch(String::isEmpty);
        return path != null && complete
                ? Optional.of(new RepoInfo(
                        state.id(),
                        state.tail(),
                        state.registry(),
                        path,
                        state.fileHost(),
                        state.hostPath(),
                        state.shadowPath(),
                        state.gitlabHost().isEmpty() ? null : state.gitlabHost() + ":" + state.gitlabPath(),
                        state.tier()))
                : Optional.empty();
    }
}
