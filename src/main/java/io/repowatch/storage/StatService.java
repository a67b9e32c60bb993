package io.repowatch.storage;

import io.repowatch.id.Principal;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.ReactorStatGrpc;
import io.repowatch.wire.nogfso.StatI;
import io.repowatch.wire.nogfso.StatO;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The Stat service: walk the data again, and commit what changed. */
final class StatService extends ReactorStatGrpc.StatImplBase {
    private final RepoAccess access;
    private final StatRuns runs;
    private final GitUser anonymous;

    StatService(RepoAccess access, StatRuns runs, GitUser anonymous) {
        this.access = access;
        this.runs = runs;
        this.anonymous = anonymous;
    }

    @Override
    public Mono<StatO> stat(Mono<StatI> request) {
        Principal caller = access.caller();
        return request.flatMap(in -> stat(caller, in)).onErrorMap(StatusMapping::toStatus);
    }

    private Mono<StatO> stat(Principal caller, StatI in) {
        UUID repo = access.id(in.getRepo());
        RepoInfo info = access.require(caller, repo, "fso/refresh-repo");
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
