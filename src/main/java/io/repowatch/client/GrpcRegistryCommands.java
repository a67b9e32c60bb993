package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
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
import io.repowatch.wire.nogfso.FreezeRepoGrpc;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.PingRegistryGrpc;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedI;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedO;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledI;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledO;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.nogfso.ServerPingI;
import io.repowatch.wire.nogfso.ServerPingO;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.SetRepoErrorO;
import io.repowatch.wire.nogfso.UnfreezeRepoGrpc;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The commands of a registry over gRPC. Thread-safe; whoever made the channel shuts it down.
 *
 * <p>Every Mono is cold and makes one call for each subscription, without an expected version unless the method takes one; it
 * answers on the executor of the channel. Cancelling it cancels the call, which may have taken effect nevertheless.
 *
 * <p>Errors: {@link io.repowatch.observer.CommandRejectedException} where the registry judged the command and refused it;
 * {@link TransportException} where it did not answer within {@link ClientConfig#commandTimeout}, could not be reached, did
 * not accept the credentials, or lost the command in a race against another one; {@link MalformedDataException} for a
 * version that is none.
 */
public final class GrpcRegistryCommands implements RegistryCommands {
    private final Channel channel;
    private final ClientConfig config;

    /** Commands over {@code channel}. */
    public GrpcRegistryCommands(Channel channel, ClientConfig config) {
        this.channel = channel;
        this.config = config;
    }

    @Override
    public Mono<GetRepoO> getRepo(UUID repo) {
        GetRepoI request = GetRepoI.newBuilder().setRepo(WireIds.bytes(repo)).build();
        return call(ReposGrpc.getGetRepoMethod(), request, Function.identity());
    }

    @Override
    public Mono<Vid> confirmShadow(UUID repo, String shadowPath) {
        ConfirmShadowI request = ConfirmShadowI.newBuilder()
                .setRepo(WireIds.bytes(repo))
                .setShadowPath(shadowPath)
                .build();
        return call(ReposGrpc.getConfirmShadowMethod(), request, version("ConfirmShadow", ConfirmShadowO::getVid));
    }

    @Override
    public Mono<Vid> confirmGit(UUID repo, long gitlabProjectId) {
        ConfirmGitI request = ConfirmGitI.newBuilder()
                .setRepo(WireIds.bytes(repo))
                .setGitlabProjectId(gitlabProjectId)
                .build();
        return call(ReposGrpc.getConfirmGitMethod(), request, version("ConfirmGit", ConfirmGitO::getVid));
    }

    @Override
    public Mono<Vid> setRepoError(UUID repo, String message) {
        SetRepoErrorI request = SetRepoErrorI.newBuilder()
                .setRepo(WireIds.bytes(repo))
                .setErrorMessage(message)
                .build();
        return call(ReposGrpc.getSetRepoErrorMethod(), request, version("SetRepoError", SetRepoErrorO::getVid));
    }

    @Override
    public Mono<Vid> postMoveRepoStaReleased(UUID repo, UUID workflow) {
        PostMoveRepoStaReleasedI request = PostMoveRepoStaReleasedI.newBuilder()
                .setRepo(WireIds.bytes(repo))
                .setWorkflow(WireIds.bytes(workflow))
                .build();
        return call(
                ReposGrpc.getPostMoveRepoStaReleasedMethod(),
                request,
                version("PostMoveRepoStaReleased", PostMoveRepoStaReleasedO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> commitMoveRepo(UUID repo, UUID workflow, String newShadowPath) {
        CommitMoveRepoI request = CommitMoveRepoI.newBuilder()
                .setRepo(WireIds.bytes(repo))
                .setWorkflow(WireIds.bytes(workflow))
                .setNewShadowPath(newShadowPath)
                .build();
        return call(
                ReposGrpc.getCommitMoveRepoMethod(),
                request,
                version("CommitMoveRepo", CommitMoveRepoO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> postMoveShadowStaDisabled(UUID repo, UUID workflow) {
        PostMoveShadowStaDisabledI request = PostMoveShadowStaDisabledI.newBuilder()
                .setRepo(WireIds.bytes(repo))
                .setWorkflow(WireIds.bytes(workflow))
                .build();
        return call(
                ReposGrpc.getPostMoveShadowStaDisabledMethod(),
                request,
                version("PostMoveShadowStaDisabled", PostMoveShadowStaDisabledO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> commitFreezeRepoFiles(UUID workflow, Vid workflowVid) {
        CommitFreezeRepoFilesI request = CommitFreezeRepoFilesI.newBuilder()
                .setWorkflow(WireIds.bytes(workflow))
                .setWorkflowVid(WireIds.version(workflowVid))
                .build();
        return call(
                FreezeRepoGrpc.getCommitFreezeRepoFilesMethod(),
                request,
                version("CommitFreezeRepoFiles", CommitFreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> abortFreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        AbortFreezeRepoFilesI request = AbortFreezeRepoFilesI.newBuilder()
                .setWorkflow(WireIds.bytes(workflow))
                .setWorkflowVid(WireIds.version(workflowVid))
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
        return call(
                FreezeRepoGrpc.getAbortFreezeRepoFilesMethod(),
                request,
                version("AbortFreezeRepoFiles", AbortFreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> commitUnfreezeRepoFiles(UUID workflow, Vid workflowVid) {
        CommitUnfreezeRepoFilesI request = CommitUnfreezeRepoFilesI.newBuilder()
                .setWorkflow(WireIds.bytes(workflow))
                .setWorkflowVid(WireIds.version(workflowVid))
                .build();
        return call(
                UnfreezeRepoGrpc.getCommitUnfreezeRepoFilesMethod(),
                request,
                version("CommitUnfreezeRepoFiles", CommitUnfreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> abortUnfreezeRepoFiles(UUID workflow, Vid workflowVid, int code, String message) {
        AbortUnfreezeRepoFilesI request = AbortUnfreezeRepoFilesI.newBuilder()
                .setWorkflow(WireIds.bytes(workflow))
                .setWorkflowVid(WireIds.version(workflowVid))
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
        return call(
                UnfreezeRepoGrpc.getAbortUnfreezeRepoFilesMethod(),
                request,
                version("AbortUnfreezeRepoFiles", AbortUnfreezeRepoFilesO::getWorkflowVid));
    }

    @Override
    public Mono<Vid> serverPing(UUID workflow, int code, String message) {
        ServerPingI request = ServerPingI.newBuilder()
                .setWorkflow(WireIds.bytes(workflow))
                .setStatusCode(code)
                .setStatusMessage(message)
                .build();
        return call(
                PingRegistryGrpc.getServerPingMethod(), request, version("ServerPing", ServerPingO::getWorkflowVid));
    }

    private static <O> Function<O, Vid> version(String call, Function<O, ByteString> field) {
        return answer -> WireIds.vid(field.apply(answer), call, "the version");
    }

    private <I, O, R> Mono<R> call(MethodDescriptor<I, O> method, I request, Function<O, R> result) {
        return UnaryRpc.call(channel, method, request)
                .timeout(config.commandTimeout(), config.timer())
                .map(result)
                .onErrorMap(error -> RpcFailures.ofCommand(method.getFullMethodName(), error));
    }
}
