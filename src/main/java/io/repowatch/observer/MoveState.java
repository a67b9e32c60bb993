package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The history of a move-repo workflow, folded. Immutable.
 *
 * @param repo the repo
 * @param workflow the move
 * @param registry the registry's name
 * @param tail the last event folded
 * @param started whether the first event was seen
 * @param move what the first event describes; null if it is malformed or was not seen
 * @param newPath where the move leads; null if the first event does not tell
 * @param accepted whether the application has accepted
 * @param released whether the old side has let the repo go
 * @param moved whether the repo has moved, or the move was given up
 * @param committed whether the workflow is over
 */
record MoveState(
        UUID repo,
        UUID workflow,
        String registry,
        Vid tail,
        boolean started,
        @Nullable RepoMove move,
        @Nullable GlobalPath newPath,
        boolean accepted,
        boolean released,
        boolean moved,
        boolean committed) {

    static MoveState initial(UUID repo, UUID workflow, String registry) {
        return new MoveState(repo, workflow, registry, Vid.EPOCH, false, null, null, false, false, false, false);
    }

    /** A move ends without a release only if it was aborted before. */
    boolean aborted() {
        return (moved || committed) && !released;
    }

    MoveState after(Event<WorkflowEvent> event) {
        WorkflowEvent body = event.body();
        return switch (body.getEvent()) {
            case EV_FSO_REPO_MOVE_STARTED -> startedBy(body).at(event.id());
            case EV_FSO_REPO_MOVE_APP_ACCEPTED ->
                flags(true, released, moved, committed).at(event.id());
            case EV_FSO_REPO_MOVE_STA_RELEASED ->
                flags(accepted, true, moved, committed).at(event.id());
            case EV_FSO_REPO_MOVED -> flags(accepted, released, true, committed).at(event.id());
            case EV_FSO_REPO_MOVE_COMMITTED ->
                flags(accepted, released, moved, true).at(event.id());
            default -> at(event.id());
        };
    }

    private MoveState startedBy(WorkflowEvent body) {
        return new MoveState(
                repo,
                workflow,
                registry,
                tail,
                true,
                defect(body) == null ? move(body) : null,
                RepoFold.path(body.getNewFsoRepoInitInfo().getGlobalPath()),
                accepted,
                released,
                moved,
                committed);
    }

    private RepoMove move(WorkflowEvent body) {
        FsoRepoInitInfo old = body.getFsoRepoInitInfo();
        FsoRepoInitInfo fresh = body.getNewFsoRepoInitInfo();
        return new RepoMove(
                repo,
                workflow,
                registry,
                GlobalPath.parse(old.getGlobalPath()),
                GlobalPath.parse(fresh.getGlobalPath()),
                old.getFileHost(),
                old.getHostPath(),
                fresh.getHostPath(),
                body.getFsoShadowRepoInfo().getShadowPath());
    }

    /** What a first event lacks, null if nothing. */
    static @Nullable String defect(WorkflowEvent body) {
        FsoRepoInitInfo old = body.getFsoRepoInitInfo();
        FsoRepoInitInfo fresh = body.getNewFsoRepoInitInfo();
        if (RepoFold.path(old.getGlobalPath()) == null || RepoFold.path(fresh.getGlobalPath()) == null) {
            return "it does not name two global paths";
        }
        boolean complete = Stream.of(
                        old.getHostPath(),
                        fresh.getHostPath(),
                        body.getFsoShadowRepoInfo().getShadowPath())
                .noneMatch(String::isEmpty);
        return complete ? null : "it does not name two directories and a shadow";
    }

    MoveState flags(boolean nowAccepted, boolean nowReleased, boolean nowMoved, boolean nowCommitted) {
        return new MoveState(
                repo,
                workflow,
                registry,
                tail,
                started,
                move,
                newPath,
                nowAccepted,
                nowReleased,
                nowMoved,
                nowCommitted);
    }

    private MoveState at(Vid event) {
        return new MoveState(
                repo, workflow, registry, event, started, move, newPath, accepted, released, moved, committed);
    }
}
