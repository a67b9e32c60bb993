package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.BeginMoveRepoI;
import io.repowatch.wire.nogfso.BeginMoveRepoO;
import io.repowatch.wire.nogfso.DisableGitlabRootI;
import io.repowatch.wire.nogfso.DisableGitlabRootO;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsI;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsO;
import io.repowatch.wire.nogfso.EnableGitlabRepoI;
import io.repowatch.wire.nogfso.EnableGitlabRepoO;
import io.repowatch.wire.nogfso.EnableGitlabRootI;
import io.repowatch.wire.nogfso.EnableGitlabRootO;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetReposO;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.GetRootsO;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InfoO;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRegistryO;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.InitRootO;
import io.repowatch.wire.nogfso.PatchRepoNamingI;
import io.repowatch.wire.nogfso.PatchRepoNamingO;
import io.repowatch.wire.nogfso.ReactorRegistryGrpc;
import io.repowatch.wire.nogfso.ReinitRepoI;
import io.repowatch.wire.nogfso.ReinitRepoO;
import io.repowatch.wire.nogfso.RemoveRootI;
import io.repowatch.wire.nogfso.RemoveRootO;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyI;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyO;
import io.repowatch.wire.nogfso.UpdateRepoNamingI;
import io.repowatch.wire.nogfso.UpdateRepoNamingO;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The unary methods of the Registry service. */
final class RegistryService extends ReactorRegistryGrpc.RegistryImplBase {
    private final Registry registry;
    private final Supplier<Principal> principal;

    RegistryService(Registry registry, Supplier<Principal> principal) {
        this.registry = registry;
        this.principal = principal;
    }

    @Override
    public Mono<InitRegistryO> initRegistry(InitRegistryI request) {
        return registry.initRegistry(principal.get(), request);
    }

    @Override
    public Mono<EnableEphemeralWorkflowsO> enableEphemeralWorkflows(EnableEphemeralWorkflowsI request) {
        return registry.enableEphemeralWorkflows(principal.get(), request);
    }

    @Override
    public Mono<InitRootO> initRoot(InitRootI request) {
        return registry.initRoot(principal.get(), request);
    }

    @Override
    public Mono<RemoveRootO> removeRoot(RemoveRootI request) {
        return registry.removeRoot(principal.get(), request);
    }

    @Override
    public Mono<EnableGitlabRootO> enableGitlabRoot(EnableGitlabRootI request) {
        return registry.enableGitlabRoot(principal.get(), request);
    }

    @Override
    public Mono<DisableGitlabRootO> disableGitlabRoot(DisableGitlabRootI request) {
        return registry.disableGitlabRoot(principal.get(), request);
    }

    @Override
    public Mono<UpdateRepoNamingO> updateRepoNaming(UpdateRepoNamingI request) {
        return registry.updateRepoNaming(principal.get(), request);
    }

    @Override
    public Mono<PatchRepoNamingO> patchRepoNaming(PatchRepoNamingI request) {
        return registry.patchRepoNaming(principal.get(), request);
    }

    @Override
    public Mono<UpdateRepoInitPolicyO> updateRepoInitPolicy(UpdateRepoInitPolicyI request) {
        return registry.updateRepoInitPolicy(principal.get(), request);
    }

    @Override
    public Mono<InitRepoO> initRepo(InitRepoI request) {
        return registry.initRepo(principal.get(), request);
    }

    @Override
    public Mono<ReinitRepoO> reinitRepo(ReinitRepoI request) {
        return registry.reinitRepo(principal.get(), request);
    }

    @Override
    public Mono<EnableGitlabRepoO> enableGitlabRepo(EnableGitlabRepoI request) {
        return registry.enableGitlabRepo(principal.get(), request);
    }

    @Override
    public Mono<BeginMoveRepoO> beginMoveRepo(BeginMoveRepoI request) {
        return registry.beginMoveRepo(principal.get(), request);
    }

    @Override
    public Mono<InfoO> info(InfoI request) {
        return registry.info(principal.get(), request);
    }

    @Override
    public Mono<GetRootsO> getRoots(GetRootsI request) {
        return registry.getRoots(principal.get(), request);
    }

    @Override
    public Mono<GetReposO> getRepos(GetReposI request) {
        return registry.getRepos(principal.get(), request);
    }

    @Override
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
