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
}
