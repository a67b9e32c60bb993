package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortFreezeRepoFilesO;
import io.repowatch.wire.nogfso.AbortFreezeRepoI;
import io.repowatch.wire.nogfso.AbortFreezeRepoO;
import io.repowatch.wire.nogfso.BeginFreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginFreezeRepoFilesO;
import io.repowatch.wire.nogfso.BeginFreezeRepoI;
import io.repowatch.wire.nogfso.BeginFreezeRepoO;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitFreezeRepoI;
import io.repowatch.wire.nogfso.CommitFreezeRepoO;
import io.repowatch.wire.nogfso.GetFreezeRepoI;
import io.repowatch.wire.nogfso.GetFreezeRepoO;
import io.repowatch.wire.nogfso.ReactorFreezeRepoGrpc;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The FreezeRepo service. */
final class FreezeService extends ReactorFreezeRepoGrpc.FreezeRepoImplBase {
    private final Registry registry;
    private final Supplier<Principal> principal;

    FreezeService(Registry registry, Supplier<Principal> principal) {
        this.registry = registry;
        this.principal = principal;
    }

    @Override
    public Mono<BeginFreezeRepoO> beginFreezeRepo(BeginFreezeRepoI request) {
        return registry.beginFreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<CommitFreezeRepoO> commitFreezeRepo(CommitFreezeRepoI request) {
        return registry.commitFreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<AbortFreezeRepoO> abortFreezeRepo(AbortFreezeRepoI request) {
        return registry.abortFreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<GetFreezeRepoO> getFreezeRepo(GetFreezeRepoI request) {
        return registry.getFreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<BeginFreezeRepoFilesO> beginFreezeRepoFiles(BeginFreezeRepoFilesI request) {
        return registry.beginFreezeRepoFiles(principal.get(), request);
    }

    @Override
    public Mono<CommitFreezeRepoFilesO> commitFreezeRepoFiles(CommitFreezeRepoFilesI request) {
        return registry.commitFreezeRepoFiles(principal.get(), request);
    }

    @Override
    public Mono<AbortFreezeRepoFilesO> abortFreezeRepoFiles(AbortFreezeRepoFilesI request) {
        return registry.abortFreezeRepoFiles(principal.get(), request);
    }

    @Override
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
