package io.repowatch.storage;

import io.grpc.BindableService;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Principal;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * The gRPC services of enabled repos (storage specification §4): so far Stat.Stat, Stat.StatStatus,
 * GitNog.Head, GitNog.Summary and GitNogTree.ListStatTree.
 */
public final class StorageServices {
    private StorageServices() {}

    /**
     * The services, ready to be added to a server. What they do not implement answers UNIMPLEMENTED.
     *
     * @param table the enabled repos
     * @param config where shadows are, who commits, how much may wait or be open at a time
     * @param authorizer asked with {@code fso/refresh-repo} or {@code fso/read-repo} on the repo's path
     * @param principal who calls; asked on the thread that starts the call
     * @param blocking a bounded Scheduler whose threads may block; not owned
     * @param clock the time of commits
     * @param progress hears how far walks have come
     * @param background gets the stat runs that nobody waits for; whoever disposes it cancels them, and ends the service
     */
    public static List<BindableService> of(
            RepoTable table,
            StorageConfig config,
            Authorizer authorizer,
            Supplier<Principal> principal,
            Scheduler blocking,
            InstantSource clock,
            ProgressListener progress,
            Disposable.Composite background) {
        BlockingWork work = new BlockingWork(blocking);
        RepoAccess access = new RepoAccess(table, authorizer, principal);
        StatRuns runs = new StatRuns(table, new StatOperation(config, clock, progress), config, work);
        background.add(runs);
        PagedReads comparisons = new PagedReads("comparisons", config.openComparisons(), work, clock);
        PagedReads trees = new PagedReads("readings of trees", config.openTrees(), work, clock);
        return List.of(
                new StatService(access, runs, config, comparisons, progress),
                new GitNogService(access, config, work, trees),
                new GitNogTreeService(access, config, trees));
    }
}
