package io.repowatch.storage;

import io.repowatch.id.Principal;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.ReactorStatGrpc;
import io.repowatch.wire.nogfso.StatI;
import io.repowatch.wire.nogfso.StatO;
import io.repowatch.wire.nogfso.StatStatusI;
import io.repowatch.wire.nogfso.StatStatusO;
import java.nio.file.Path;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The Stat service: walk the data again, and commit what changed, or only say what did. */
final class StatService extends ReactorStatGrpc.StatImplBase {
    private static final String REFRESH = "fso/refresh-repo";

    private final RepoAccess access;
    private final StatRuns runs;
    private final GitUser anonymous;
    private final ShadowLocation location;
    private final PagedReads comparisons;
    private final ProgressListener progress;

    StatService(
            RepoAccess access, StatRuns runs, StorageConfig config, PagedReads comparisons, ProgressListener progress) {
        this.access = access;
        this.runs = runs;
        this.anonymous = config.committer();
        this.location = new ShadowLocation(config);
        this.comparisons = comparisons;
        this.progress = progress;
    }

    /** Takes no lock and writes nothing: whoever reads slowly is in nobody's way. */
    @Override
    public Flux<StatStatusO> statStatus(Mono<StatStatusI> request) {
        Principal caller = access.caller();
        return request.flatMapMany(in -> {
                    RepoInfo info = access.require(caller, access.id(in.getRepo()), REFRESH);
                    Path shadow = location.existing(info.shadowPath());
                    return comparisons
                            .pages(stopped -> StatusCursor.open(info, shadow, progress, stopped))
                            .doOnNext(page -> access.requireStill(caller, info, REFRESH))
                            .map(page ->
                                    StatStatusO.newBuilder().addAllPaths(page).build());
                })
                .onErrorMap(StatusMapping::toStatus);
    }

    @Override
    public Mono<StatO> stat(Mono<StatI> request) {
        Principal caller = access.caller();
        return request.flatMap(in -> stat(caller, in)).onErrorMap(StatusMapping::toStatus);
    }

    private Mono<StatO> stat(Principal caller, StatI in) {
        UUID repo = access.id(in.getRepo());
        RepoInfo info = access.require(caller, repo, REFRESH);
        GitUser author = GitUser.of(in.getAuthorName(), in.getAuthorEmail(), anonymous);
        boolean rangeOnly = (in.getFlags() & StatI.Flag.F_MTIME_RANGE_ONLY_VALUE) != 0;
        StatRuns.Order order = new StatRuns.Order(repo, info.globalPath(), rangeOnly);
        if (in.getJobControl() == JobControl.JC_WAIT) {
            return runs.await(order, author).thenReturn(StatO.getDefaultInstance());
        }
        runs.start(order, author);
        return Mono.just(StatO.getDefaultInstance());
    }
}
