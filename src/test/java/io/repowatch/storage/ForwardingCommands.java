package io.repowatch.storage;

import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.wire.nogfso.GetRepoO;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Passes all on; a test overrides what it needs. */
class ForwardingCommands implements RegistryCommands {
    private final RegistryCommands next;

    ForwardingCommands(RegistryCommands next) {
        this.next = next;
    }

    @Override
    public Mono<GetRepoO> getRepo(UUID repo) {
        return next.getRepo(repo);
    }

    @Override
    public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
        return next.confirmShadow(repo, shadowPath);
    }

    @Override
    public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
        return next.confirmGit(repo, gitlabProjectId);
    }

    @Override
    public Mono<Vid> setRepoError(UUID repo, String message) {
        return next.setRepoError(repo, message);
    }

    @Override
    public Mono<Vid> postMoveRepoStaReleased(UUID repo, UUID workflow) {
        return next.postMoveRepoStaReleased(repo, workflow);
    }

    @Override
    public Mono<Vid> commitMoveRepo(UUID repo, UUID workflow, String newShadowPath) {
        return next.commitMoveRepo(repo, workflow, newShadowPath);
    }

    @Override
    public Mono<Vid> postMoveShadowStaDisabled(UUID repo, UUID workflow) {
        return next.postMoveShadowStaDisabled(repo, workflow);
    }

    @Override
    public Mono<Vid> commitFreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return next.commitFreezeRepoFiles(workflow, workflowVid);
    }

    @Override
    public Mono<Vid> abortFreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return next.abortFreezeRepoFiles(workflow, workflowVid, code, message);
    }

    @Override
    public Mono<Vid> commitUnfreezeRepoFiles(UUID workflow, Vid workflowVid) {
        return next.commitUnfreezeRepoFiles(workflow, workflowVid);
    }

    @Override
    public Mono<Vid> abortUnfreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        return next.abortUnfreezeRepoFiles(workflow, workflowVid, code, message);
    }

    @Override
    public Mono<Vid> serverPing(UUID workflow, int code, String message) {
        return next.serverPing(workflow, code, message);
    }
}
