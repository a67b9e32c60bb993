package io.repowatch.observer;

import com.google.protobuf.ByteString;
import io.repowatch.engine.Event;
import io.repowatch.id.EntityIds;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Folds a repo's events into its {@link RepoState} (storage specification §1.5; moves are folded too, D10). Types that do not
 * concern an observer, legacy and unknown ones included, and malformed events change nothing but the tail.
 */
final class RepoFold {

    /** Stands for an error that was stored without a text: the repo is in error all the same. */
    static final String NO_TEXT = "(no text)";

    private RepoFold() {}

    static RepoState apply(RepoState state, Event<RepoEvent> event) {
        RepoEvent body = event.body();
        if (defect(state, body) != null) {
            return new Draft(state).at(event.id());
        }
        Draft draft = new Draft(state);
        switch (body.getEvent()) {
            case EV_FSO_REPO_INIT_STARTED -> initStarted(draft, body.getFsoRepoInitInfo());
            case EV_FSO_SHADOW_REPO_CREATED -> {
                draft.shadowPath = body.getFsoShadowRepoInfo().getShadowPath();
                draft.tier = StorageTierCode.ST_ONLINE;
            }
            case EV_FSO_ENABLE_GITLAB_ACCEPTED -> gitlabAccepted(draft, body.getFsoRepoInitInfo());
            case EV_FSO_GIT_REPO_CREATED ->
                draft.gitlabProjectId = body.getFsoGitRepoInfo().getGitlabProjectId();
            case EV_FSO_REPO_ERROR_SET ->
                draft.error = body.getFsoRepoErrorMessage().isEmpty() ? NO_TEXT : body.getFsoRepoErrorMessage();
            case EV_FSO_REPO_ERROR_CLEARED -> draft.error = "";
            case EV_FSO_REPO_MOVE_STARTED -> draft.moveWorkflow = workflow(body);
            case EV_FSO_REPO_MOVED -> moved(draft, body);
            case EV_FSO_SHADOW_REPO_MOVE_STARTED -> draft.moveShadowWorkflow = workflow(body);
            case EV_FSO_SHADOW_REPO_MOVED -> {
                draft.moveShadowWorkflow = null;
                draft.shadowPath = body.getFsoShadowRepoInfo().getNewShadowPath();
            }
            default -> draft.tier = tier(draft.tier, body);
        }
        return draft.at(event.id());
    }

    /** The tier after an event, the same where the event is not about it. Freezes of former times say nothing any more. */
    private static StorageTierCode tier(StorageTierCode before, RepoEvent body) {
        boolean ok = body.getStatusCode() == 0;
        return switch (body.getEvent()) {
            case EV_FSO_FREEZE_REPO_STARTED_2 -> StorageTierCode.ST_FREEZING;
            case EV_FSO_FREEZE_REPO_COMPLETED_2 -> ok ? StorageTierCode.ST_FROZEN : StorageTierCode.ST_FREEZE_FAILED;
            case EV_FSO_UNFREEZE_REPO_STARTED_2 -> StorageTierCode.ST_UNFREEZING;
            case EV_FSO_UNFREEZE_REPO_COMPLETED_2 ->
                ok ? StorageTierCode.ST_ONLINE : StorageTierCode.ST_UNFREEZE_FAILED;
            case EV_FSO_ARCHIVE_REPO_STARTED -> StorageTierCode.ST_ARCHIVING;
            case EV_FSO_ARCHIVE_REPO_COMPLETED -> ok ? StorageTierCode.ST_ARCHIVED : StorageTierCode.ST_ARCHIVE_FAILED;
            case EV_FSO_UNARCHIVE_REPO_STARTED -> StorageTierCode.ST_UNARCHIVING;
            case EV_FSO_UNARCHIVE_REPO_COMPLETED ->
                ok ? StorageTierCode.ST_FROZEN : StorageTierCode.ST_UNARCHIVE_FAILED;
            default -> before;
        };
    }

    private static void initStarted(Draft draft, FsoRepoInitInfo info) {
        draft.wantsShadow = true;
        draft.registry = info.getRegistry();
        draft.globalPath = GlobalPath.parse(info.getGlobalPath());
        draft.creatorName = info.getCreatorName();
        draft.creatorEmail = info.getCreatorEmail();
        draft.fileHost = info.getFileHost();
        draft.hostPath = info.getHostPath();
        draft.subdirTracking = info.getSubdirTracking();
        draft.gitlabHost = info.getGitlabHost();
        draft.gitlabPath = info.getGitlabPath();
    }

    private static void gitlabAccepted(Draft draft, FsoRepoInitInfo info) {
        if (!draft.gitlabHost.equals(info.getGitlabHost()) || !draft.gitlabPath.equals(info.getGitlabPath())) {
            draft.gitlabProjectId = 0;
        }
        draft.gitlabHost = info.getGitlabHost();
        draft.gitlabPath = info.getGitlabPath();
    }

    private static void moved(Draft draft, RepoEvent body) {
        draft.moveWorkflow = null;
        draft.lastMoveWorkflow = workflow(body);
        draft.globalPath = GlobalPath.parse(body.getFsoRepoInitInfo().getGlobalPath());
        draft.hostPath = body.getFsoRepoInitInfo().getHostPath();
        draft.shadowPath = body.getFsoShadowRepoInfo().getShadowPath();
    }

    /**
     * What is wrong with an event, null if nothing is (D24). Gives the same answer before and after the event was folded,
     * so that a repeated delivery is judged alike.
     */
    static @Nullable String defect(RepoState state, RepoEvent body) {
        return switch (body.getEvent()) {
            case EV_FSO_REPO_INIT_STARTED -> initDefect(body.getFsoRepoInitInfo());
            case EV_FSO_SHADOW_REPO_CREATED ->
                body.getFsoShadowRepoInfo().getShadowPath().isEmpty() ? "it names no shadow path" : null;
            case EV_FSO_ENABLE_GITLAB_ACCEPTED -> gitlabDefect(state, body.getFsoRepoInitInfo());
            case EV_FSO_GIT_REPO_CREATED ->
                body.getFsoGitRepoInfo().getGitlabProjectId() == 0 ? "it names no project" : null;
            case EV_FSO_REPO_MOVE_STARTED, EV_FSO_SHADOW_REPO_MOVE_STARTED ->
                workflow(body) == null ? "it names no workflow" : null;
            case EV_FSO_REPO_MOVED -> movedDefect(body);
            case EV_FSO_SHADOW_REPO_MOVED -> shadowMovedDefect(body);
            default -> null;
        };
    }

    private static @Nullable String initDefect(FsoRepoInitInfo info) {
        if (info.getRegistry().isEmpty()) {
            return "it names no registry";
        }
        return path(info.getGlobalPath()) == null ? "it names no global path" : null;
    }

    private static @Nullable String gitlabDefect(RepoState state, FsoRepoInitInfo info) {
        if (!state.wantsShadow()) {
            return "it comes before the repo's initialisation";
        }
        return info.getGitlabHost().isEmpty() || info.getGitlabPath().isEmpty() ? "it names no GitLab location" : null;
    }

    private static @Nullable String movedDefect(RepoEvent body) {
        if (workflow(body) == null) {
            return "it names no workflow";
        }
        if (path(body.getFsoRepoInitInfo().getGlobalPath()) == null) {
            return "it names no new global path";
        }
        return body.getFsoShadowRepoInfo().getShadowPath().isEmpty() ? "it names no new shadow path" : null;
    }

    private static @Nullable String shadowMovedDefect(RepoEvent body) {
        if (workflow(body) == null) {
            return "it names no workflow";
        }
        return body.getFsoShadowRepoInfo().getNewShadowPath().isEmpty() ? "it names no new shadow path" : null;
    }

    /** The workflow an event belongs to; null if it names none. */
    static @Nullable UUID workflow(RepoEvent body) {
        return id(body.getWorkflowId());
    }

    /** Reads an entity id of the wire; null if it is none. */
    static @Nullable UUID id(ByteString bytes) {
        if (bytes.size() != EntityIds.BYTES) {
            return null;
        }
        UUID id = EntityIds.of(bytes.toByteArray());
        return id.equals(EntityIds.NIL) ? null : id;
    }

    /** Reads a global path of the wire; null if it is none. */
    static @Nullable GlobalPath path(String text) {
        try {
            return GlobalPath.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A state being changed. */
    private static final class Draft {
        final UUID id;
        String registry;

        @Nullable
        GlobalPath globalPath;

        String creatorName;
        String creatorEmail;
        String fileHost;
        String hostPath;
        SubdirTracking subdirTracking;
        boolean wantsShadow;
        String shadowPath;
        String gitlabHost;
        String gitlabPath;
        long gitlabProjectId;
        String error;

        @Nullable
        UUID moveWorkflow;

        @Nullable
        UUID lastMoveWorkflow;

        @Nullable
        UUID moveShadowWorkflow;

        StorageTierCode tier;

        Draft(RepoState from) {
            id = from.id();
            registry = from.registry();
            globalPath = from.globalPath();
            creatorName = from.creatorName();
            creatorEmail = from.creatorEmail();
            fileHost = from.fileHost();
            hostPath = from.hostPath();
            subdirTracking = from.subdirTracking();
            wantsShadow = from.wantsShadow();
            shadowPath = from.shadowPath();
            gitlabHost = from.gitlabHost();
            gitlabPath = from.gitlabPath();
            gitlabProjectId = from.gitlabProjectId();
            error = from.error();
            moveWorkflow = from.moveWorkflow();
            lastMoveWorkflow = from.lastMoveWorkflow();
            moveShadowWorkflow = from.moveShadowWorkflow();
            tier = from.tier();
        }

        RepoState at(Vid tail) {
            return new RepoState(
                    id,
                    tail,
                    registry,
                    globalPath,
                    creatorName,
                    creatorEmail,
                    fileHost,
                    hostPath,
                    subdirTracking,
                    wantsShadow,
                    shadowPath,
                    gitlabHost,
                    gitlabPath,
                    gitlabProjectId,
                    error,
                    moveWorkflow,
                    lastMoveWorkflow,
                    moveShadowWorkflow,
                    tier);
        }
    }
}
