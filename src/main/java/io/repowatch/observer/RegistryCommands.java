package io.repowatch.observer;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.GetRepoO;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Port: the commands of the registry that an observer needs. Cold; each subscription sends one command and emits the new
 * version of the repo's stream. Errors are {@code io.grpc}-free: {@link CommandRejectedException} for an answer of the
 * registry, anything else where it did not answer.
 */
public interface RegistryCommands {

    /** What the registry knows of a repo, as the wire says it. */
    Mono<GetRepoO> getRepo(UUID repo);

    /** The shadow repo exists at {@code shadowPath}; repeating it with the same path is fine. */
    Mono<Vid> confirmShadow(UUID repo, String shadowPath);

    /** The GitLab project exists; repeating it with the same id is fine. */
    Mono<Vid> confirmGit(UUID repo, long gitlabProjectId);

    /** Stores an error on the repo; rejected if another text is stored already. */
    Mono<Vid> setRepoError(UUID repo, String message);
}
