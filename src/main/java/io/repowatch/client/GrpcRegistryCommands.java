package io.repowatch.client;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.repowatch.id.Vid;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmGitO;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.ConfirmShadowO;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.SetRepoErrorO;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * The commands of a registry over gRPC. Thread-safe; whoever made the channel shuts it down.
 *
 * <p>Every Mono is cold and makes one call for each subscription, without an expected version; it answers on the executor of the
 * channel. Cancelling it cancels the call, which may have taken effect nevertheless.
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
