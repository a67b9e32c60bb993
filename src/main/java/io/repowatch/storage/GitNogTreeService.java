package io.repowatch.storage;

import io.grpc.Status;
import io.repowatch.id.Principal;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.ListStatTreeI;
import io.repowatch.wire.nogfso.ListStatTreeO;
import io.repowatch.wire.nogfso.ReactorGitNogTreeGrpc;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The GitNogTree service: what a commit of the stat branch holds, path by path. */
final class GitNogTreeService extends ReactorGitNogTreeGrpc.GitNogTreeImplBase {
    private static final String READ = "fso/read-repo";

    private final RepoAccess access;
    private final ShadowLocation location;
    private final PagedReads trees;

    GitNogTreeService(RepoAccess access, StorageConfig config, PagedReads trees) {
        this.access = access;
        this.location = new ShadowLocation(config);
        this.trees = trees;
    }

    /** D38: takes no lock, and reads on only when the client has taken what there is. */
    @Override
    public Flux<ListStatTreeO> listStatTree(Mono<ListStatTreeI> request) {
        Principal caller = access.caller();
        return request.flatMapMany(in -> {
                    RepoInfo info = access.require(caller, access.id(in.getRepo()), READ);
                    ObjectId commit = commit(in);
                    Path shadow = location.existing(info.shadowPath());
                    return trees.pages(stopped -> StatListing.open(info.id(), shadow, commit, stopped))
                            .doOnNext(page -> access.requireStill(caller, info, READ))
                            .map(page ->
                                    ListStatTreeO.newBuilder().addAllPaths(page).build());
                })
                .onErrorMap(StatusMapping::toStatus);
    }

    private static ObjectId commit(ListStatTreeI in) {
        if (in.getStatGitCommit().size() != Constants.OBJECT_ID_LENGTH) {
            throw invalid("malformed stat_git_commit: it must have " + Constants.OBJECT_ID_LENGTH + " bytes, but has "
                    + in.getStatGitCommit().size());
        }
        if (!in.getPrefix().isEmpty()) {
            throw invalid("prefix must be empty: this version lists whole trees only");
        }
        return ObjectId.fromRaw(in.getStatGitCommit().toByteArray());
    }

    private static RuntimeException invalid(String text) {
        return Status.INVALID_ARGUMENT.withDescription(text).asRuntimeException();
    }
}
