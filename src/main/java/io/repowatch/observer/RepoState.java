package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A repo's history, folded. Immutable. Texts are empty, and objects null, where the history does not tell.
 *
 * @param id the repo
 * @param tail the last event folded, {@link Vid#EPOCH} before the first
 * @param registry the registry's name
 * @param globalPath the current path (the old one until a move is done)
 * @param creatorName who asked for the repo
 * @param creatorEmail who asked for the repo
 * @param fileHost the storage host
 * @param hostPath the current data directory on that host
 * @param subdirTracking how subdirectories are tracked
 * @param wantsShadow whether initialisation has started
 * @param shadowPath the current shadow repo
 * @param gitlabHost the GitLab host
 * @param gitlabPath the project's path on that host
 * @param gitlabProjectId the project, 0 before it is confirmed
 * @param error the stored error
 * @param moveWorkflow the active move
 * @param lastMoveWorkflow the newest move that is done
 * @param moveShadowWorkflow the active move of the shadow
 * @param tier the storage tier (registry specification §3.2.2), unspecified before there is a shadow
 */
public record RepoState(
        UUID id,
        Vid tail,
        String registry,
        @Nullable GlobalPath globalPath,
        String creatorName,
        String creatorEmail,
        String fileHost,
        String hostPath,
        SubdirTracking subdirTracking,
        boolean wantsShadow,
        String shadowPath,
        String gitlabHost,
        String gitlabPath,
        long gitlabProjectId,
        String error,
        @Nullable UUID moveWorkflow,
        @Nullable UUID lastMoveWorkflow,
        @Nullable UUID moveShadowWorkflow,
        StorageTierCode tier) {

    /** The state before the first event. */
    public static RepoState initial(UUID id) {
        return new RepoState(
                id,
                Vid.EPOCH,
                "",
                null,
                "",
                "",
                "",
                "",
                SubdirTracking.ST_UNSPECIFIED,
                false,
                "",
                "",
                "",
                0,
                "",
                null,
                null,
                null,
                StorageTierCode.ST_UNSPECIFIED);
    }

    /**
     * This history with one more event. Types that do not concern an observer, unknown ones, and malformed events change
     * nothing but the tail.
     */
    public RepoState after(Event<RepoEvent> event) {
        return RepoFold.apply(this, event);
    }

    /** Whether the shadow repo exists. */
    public boolean hasShadow() {
        return !shadowPath.isEmpty();
    }

    /** Whether an error is stored. */
    public boolean hasError() {
        return !error.isEmpty();
    }

    /** Whether a GitLab project is wanted and not confirmed yet. */
    public boolean pendingGitlab() {
        return !gitlabHost.isEmpty() && gitlabProjectId == 0;
    }
}
