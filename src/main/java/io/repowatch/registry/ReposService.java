package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ClearRepoErrorO;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmGitO;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.ConfirmShadowO;
import io.repowatch.wire.nogfso.GetRepoI;
import io.repowatch.wire.nogfso.GetRepoO;
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
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
