package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.Principal;
import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesO;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitMoveRepoI;
import io.repowatch.wire.nogfso.CommitMoveRepoO;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmGitO;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.ConfirmShadowO;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedI;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedO;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledI;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledO;
import io.repowatch.wire.nogfso.ServerPingI;
import io.repowatch.wire.nogfso.ServerPingO;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.SetRepoErrorO;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * The commands of an observer that runs in the same process as the registry: the same checks and answers as over gRPC,
 * without a connection. A denial is a rejection with the code {@code PERMISSION_DENIED}. Thread-safe; values arrive on the
 * registry's scheduler.
 */
public final class InProcessCommands implements RegistryCommands {
    private final Registry registry;
    private final Principal principal;

    /** The commands of {@code principal}, who is authorized like any other caller. */
    public InProcessCommands(Registry registry, Principal principal) {
        this.registry = registry;
        this.principal = principal;
    }

    @Override
    public Mono<GetRepoO> getRepo(UUID repo) {
        GetRepoI request = GetRepoI.newBuilder().setRepo(WireFields.bytes(repo)).build();
        return answered(registry.getRepo(principal, request));
    }

    @Override
    public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
        ConfirmShadowI request = ConfirmShadowI.newBuilder()
                .setRepo(WireFields.bytes(repo))
                .setShadowPath(shadowPath)
                .build();
        return version(registry.confirmShadow(principal, request).map(ConfirmShadowO::getVid));
    }

    @Override
    public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
        ConfirmGitI request = ConfirmGitI.newBuilder()
                .setRepo(WireFields.bytes(repo))
                .setGitlabProjectId(gitlabProjectId)
                .build();
        return version(registry.confirmGit(principal, request).map(ConfirmGitO::getVid));
    }

    @Override
    public Mono<Vid> setRepoError(UUID repo, String message) {
        SetRepoErrorI request = SetRepoErrorI.newBuilder()
                .setRepo(WireFields.bytes(repo))
                .setErrorMessage(message)
                .build();
        return version(registry.setRepoError(principal, request).map(SetRepoErrorO::getVid));
    }

    @Override
    public Mono<Vid> commitFreezeRepoFiles(UUID workflow, Vid workflowVid) {
        CommitFreezeRepoFilesI request = CommitFreezeRepoFilesI.newBuilder()
                .setWorkflow(WireFields.bytes(workflow))
                .setWorkflowVid(WireFields.bytes(workflowVid))
                .build();
        return version(registry.commitFreezeRepoFiles(principal, request).map(CommitFreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> abortFreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        AbortFreezeRepoFilesI request = AbortFreezeRepoFilesI.newBuilder()
                .setWorkflow(WireFields.bytes(workflow))
                .setWorkflowVid(WireFields.bytes(workflowVid))
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
        return version(registry.abortFreezeRepoFiles(principal, request).map(AbortFreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> commitUnfreezeRepoFiles(UUID workflow, Vid workflowVid) {
        CommitUnfreezeRepoFilesI request = CommitUnfreezeRepoFilesI.newBuilder()
                .setWorkflow(WireFields.bytes(workflow))
                .setWorkflowVid(WireFields.bytes(workflowVid))
                .build();
        return version(
                registry.commitUnfreezeRepoFiles(principal, request).map(CommitUnfreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> abortUnfreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        AbortUnfreezeRepoFilesI request = AbortUnfreezeRepoFilesI.newBuilder()
                .setWorkflow(WireFields.bytes(workflow))
                .setWorkflowVid(WireFields.bytes(workflowVid))
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
        return version(
                registry.abortUnfreezeRepoFiles(principal, request).map(AbortUnfreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> serverPing(UUID workflow, int code, String message) {
        ServerPingI request = ServerPingI.newBuilder()
                .setWorkflow(WireFields.bytes(workflow))
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
        return version(registry.serverPing(principal, request).map(ServerPingO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> postMoveRepoStaReleased(UUID repo, UUID workflow) {
        PostMoveRepoStaReleasedI request = PostMoveRepoStaReleasedI.newBuilder()
                .setRepo(WireFields.bytes(repo))
                .setWorkflow(WireFields.bytes(workflow))
                .build();
        return version(
                registry.postMoveRepoStaReleased(principal, request).map(PostMoveRepoStaReleasedO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> commitMoveRepo(UUID repo, UUID workflow, String newShadowPath) {
        CommitMoveRepoI request = CommitMoveRepoI.newBuilder()
                .setRepo(WireFields.bytes(repo))
                .setWorkflow(WireFields.bytes(workflow))
                .setNewShadowPath(newShadowPath)
                .build();
        return version(registry.commitMoveRepo(principal, request).map(CommitMoveRepoO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> postMoveShadowStaDisabled(UUID repo, UUID workflow) {
        PostMoveShadowStaDisabledI request = PostMoveShadowStaDisabledI.newBuilder()
                .setRepo(WireFields.bytes(repo))
                .setWorkflow(WireFields.bytes(workflow))
                .build();
        return version(
                registry.postMoveShadowStaDisabled(principal, request).map(PostMoveShadowStaDisabledO::getWorkflowVid));
    }

    private static Mono<Vid> version(Mono<ByteString> vid) {
        return answered(vid).map(bytes -> Vid.of(bytes.toByteArray()));
    }

    private static <T> Mono<T> answered(Mono<T> reply) {
        return reply.onErrorMap(RegistryErrors::toRejection);
    }
}
