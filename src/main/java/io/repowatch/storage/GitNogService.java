package io.repowatch.storage;

import io.repowatch.id.Principal;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.HeadI;
import io.repowatch.wire.nogfso.HeadO;
import io.repowatch.wire.nogfso.ReactorGitNogGrpc;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The GitNog service: which commits the branches of a shadow repo are at. */
final class GitNogService extends ReactorGitNogGrpc.GitNogImplBase {
    private final RepoAccess access;
    private final ShadowLocation location;
    private final BlockingWork blocking;

    GitNogService(RepoAccess access, StorageConfig config, BlockingWork blocking) {
        this.access = access;
        this.location = new ShadowLocation(config);
        this.blocking = blocking;
    }

    @Override
    public Mono<HeadO> head(Mono<HeadI> request) {
        Principal caller = access.caller();
        return request.flatMap(in -> {
                    UUID repo = access.id(in.getRepo());
                    return access.withRepo(caller, repo, "fso/read-repo", this::head);
                })
                .onErrorMap(StatusMapping::toStatus);
    }

    private Mono<HeadO> head(RepoInfo info) {
        return blocking.run(stopped -> HeadReader.read(info.id(), location.existing(info.shadowPath())));
    }
}
