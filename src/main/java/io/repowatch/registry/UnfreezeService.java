package io.repowatch.registry;

import io.repowatch.id.Principal;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoI;
import io.repowatch.wire.nogfso.AbortUnfreezeRepoO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoI;
import io.repowatch.wire.nogfso.BeginUnfreezeRepoO;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoFilesO;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoI;
import io.repowatch.wire.nogfso.CommitUnfreezeRepoO;
import io.repowatch.wire.nogfso.GetUnfreezeRepoI;
import io.repowatch.wire.nogfso.GetUnfreezeRepoO;
import io.repowatch.wire.nogfso.ReactorUnfreezeRepoGrpc;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The UnfreezeRepo service. */
final class UnfreezeService extends ReactorUnfreezeRepoGrpc.UnfreezeRepoImplBase {
    private final Registry registry;
    private final Supplier<Principal> principal;

    UnfreezeService(Registry registry, Supplier<Principal> principal) {
        this.registry = registry;
        this.principal = principal;
    }

    @Override
    public Mono<BeginUnfreezeRepoO> beginUnfreezeRepo(BeginUnfreezeRepoI request) {
        return registry.beginUnfreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<CommitUnfreezeRepoO> commitUnfreezeRepo(CommitUnfreezeRepoI request) {
        return registry.commitUnfreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<AbortUnfreezeRepoO> abortUnfreezeRepo(AbortUnfreezeRepoI request) {
        return registry.abortUnfreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<GetUnfreezeRepoO> getUnfreezeRepo(GetUnfreezeRepoI request) {
        return registry.getUnfreezeRepo(principal.get(), request);
    }

    @Override
    public Mono<BeginUnfreezeRepoFilesO> beginUnfreezeRepoFiles(BeginUnfreezeRepoFilesI request) {
        return registry.beginUnfreezeRepoFiles(principal.get(), request);
    }

    @Override
    public Mono<CommitUnfreezeRepoFilesO> commitUnfreezeRepoFiles(CommitUnfreezeRepoFilesI request) {
        return registry.commitUnfreezeRepoFiles(principal.get(), request);
    }

    @Override
    public Mono<AbortUnfreezeRepoFilesO> abortUnfreezeRepoFiles(AbortUnfreezeRepoFilesI request) {
        return registry.abortUnfreezeRepoFiles(principal.get(), request);
    }

    @Override
    protected Throwable onErrorMap(Throwable error) {
        return RegistryErrors.toStatus(error);
    }
}
