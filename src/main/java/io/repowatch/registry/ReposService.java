package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.BeginMoveShadowI;
import io.repowatch.wire.nogfso.BeginMoveShadowO;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ClearRepoErrorO;
import io.repowatch.wire.nogfso.CommitMoveRepoI;
import io.repowatch.wire.nogfso.CommitMoveRepoO;
import io.repowatch.wire.nogfso.CommitMoveShadowI;
import io.repowatch.wire.nogfso.CommitMoveShadowO;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmGitO;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.ConfirmShadowO;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedI;
import io.repowatch.wire.nogfso.PostMoveRepoAppAcceptedO;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedI;
import io.repowatch.wire.nogfso.PostMoveRepoStaReleasedO;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledI;
import io.repowatch.wire.nogfso.PostMoveShadowStaDisabledO;
import io.repowatch.wire.nogfso.ReactorReposGrpc;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.SetRepoErrorO;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The unary methods of the Repos service. */
final class ReposService extends ReactorReposGrpc.ReposImplBase {
    private final Registry registry;
    private final Supplier<Principal> principal;

    ReposService(Registry registry, Supplier<Principal> principal) {
        this.registry = registry;
        this.principal = principal;
    }

    @Override
    public Mono<GetRepoO> getRepo(GetRepoI request) {
        return registry.getRepo(principal.get(), request);
    }

    @Override
    public Mono<ConfirmShadowO> confirmShadow(ConfirmShadowI request) {
        return registry.confirmShadow(principal.get(), request);
    }

    @Override
    public Mono<ConfirmGitO> confirmGit(ConfirmGitI request) {
        return registry.confirmGit(principal.get(), request);
    }

    @Override
    public Mono<SetRepoErrorO> setRepoError(SetRepoErrorI request) {
        return registry.setRepoError(principal.get(), request);
    }

    @Override
    public Mono<ClearRepoErrorO> clearRepoError(ClearRepoErrorI request) {
        return registry.clearRepoError(principal.get(), request);
    }

    @Override
    public Mono<PostMoveRepoAppAcceptedO> postMoveRepoAppAccepted(PostMoveRepoAppAcceptedI request) {
        return registry.postMoveRepoAppAccepted(principal.get(), request);
    }

    @Override
    public Mono<PostMoveRepoStaReleasedO> postMoveRepoStaReleased(PostMoveRepoStaReleasedI request) {
        return registry.postMoveRepoStaReleased(principal.get(), request);
    }

    @Override
    public Mono<CommitMoveRepoO> commitMoveRepo(CommitMoveRepoI request) {
        return registry.commitMoveRepo(principal.get(), request);
    }

    @Override
    public Mono<BeginMoveShadowO> beginMoveShadow(BeginMoveShadowI request) {
        return registry.beginMoveShadow(principal.get(), request);
    }

    @Override
    public Mono<PostMoveShadowStaDisabledO> postMoveShadowStaDisabled(PostMoveShadowStaDisabledI request) {
        return registry.postMoveShadowStaDisabled(principal.get(), request);
    }

    @Override
    public Mono<CommitMoveShadowO> commitMoveShadow(CommitMoveShadowI request) {
        return registry.commitMoveShadow(principal.get(), request);
    }

    @Override
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
