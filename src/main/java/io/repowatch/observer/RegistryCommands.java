package io.repowatch.observer;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRepoO;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Port: the commands of the registry that an observer needs. Cold; each subscription sends one command and emits the new
 * version of the repo's stream. Errors are {@code io.grpc}-free: {@link CommandRejectedException} for an answer of the
 * registry, anything else where it did not answer.
 */
public interface RegistryCommands {

    /** What the registry knows of a repo, as the wire says it. */
    Mono<GetRepoO> getRepo(UUID repo);

    /** The shadow repo exists at {@code shadowPath}; repeating it with the same path is fine. */
    Mono<Vid> confirmShadow(UUID repo, String shadowPath);

    /** The GitLab project exists; repeating it with the same id is fine. */
    Mono<Vid> confirmGit(UUID repo, long gitlabProjectId);

    /** Stores an error on the repo; rejected if another text is stored already. */
    Mono<Vid> setRepoError(UUID repo, String message);

    /** This side has let the repo go; repeating it is fine until the repo has moved. Emits the workflow's version. */
    Mono<Vid> postMoveRepoStaReleased(UUID repo, UUID workflow);

    /** Data and shadow are at their new place; repeating it is fine. Emits the workflow's version. */
    Mono<Vid> commitMoveRepo(UUID repo, UUID workflow, String newShadowPath);

    /** This side has disabled the repo, so its shadow may be moved. Emits the workflow's version. */
    Mono<Vid> postMoveShadowStaDisabled(UUID repo, UUID workflow);

    /** The files are frozen; {@code workflowVid} is the version that was acted on. Emits the workflow's version. */
    Mono<Vid> commitFreezeRepoFiles(UUID workflow, Vid workflowVid);

    /** The files could not be frozen, with a status code of registry specification §5.3 and a message. */
    Mono<Vid> abortFreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message);

    /** The files are changeable again; as {@link #commitFreezeRepoFiles}. */
    Mono<Vid> commitUnfreezeRepoFiles(UUID workflow, Vid workflowVid);

    /** The files could not be made changeable; as {@link #abortFreezeRepoFiles}. */
    Mono<Vid> abortUnfreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message);

    /** This side is alive; rejected with {@code FAILED_PRECONDITION} when the answers were counted already. */
    Mono<Vid> serverPing(UUID workflow, int code, String message);
}
