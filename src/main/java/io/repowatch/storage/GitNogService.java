package io.repowatch.storage;

import io.repowatch.id.Principal;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.HeadI;
import io.repowatch.wire.nogfso.HeadO;
import io.repowatch.wire.nogfso.ReactorGitNogGrpc;
import io.repowatch.wire.nogfso.SummaryI;
import io.repowatch.wire.nogfso.SummaryO;
import java.nio.file.Path;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The GitNog service: which commits the branches of a shadow repo are at, and how much the stat branch holds. */
final class GitNogService extends ReactorGitNogGrpc.GitNogImplBase {
    private static final String READ = "fso/read-repo";

    private final RepoAccess access;
    private final ShadowLocation location;
    private final BlockingWork blocking;
    private final PagedReads trees;

    GitNogService(RepoAccess access, StorageConfig config, BlockingWork blocking, PagedReads trees) {
        this.access = access;
        this.location = new ShadowLocation(config);
        this.blocking = blocking;
        this.trees = trees;
    }

    @Override
    public Mono<HeadO> head(Mono<HeadI> request) {
        Principal caller = access.caller();
        return request.flatMap(in -> {
                    UUID repo = access.id(in.getRepo());
                    return access.withRepo(caller, repo, READ, this::head);
                })
                .onErrorMap(StatusMapping::toStatus);
    }

    private Mono<HeadO> head(RepoInfo info) {
        return blocking.run(stopped -> HeadReader.read(info.id(), location.existing(info.shadowPath())));
    }

    /** Takes no lock: a commit does not change, however long it is read. */
    @Override
    public Mono<SummaryO> summary(Mono<SummaryI> request) {
        Principal caller = access.caller();
        return request.flatMap(in -> {
                    RepoInfo info = access.require(caller, access.id(in.getRepo()), READ);
                    Path shadow = location.existing(info.shadowPath());
                    return trees.pages(stopped -> StatCount.open(info.id(), shadow, stopped))
                            .concatMapIterable(page -> page)
                            .single();
                })
                .onErrorMap(StatusMapping::toStatus);
    }
}
