package io.repowatch.storage;

import io.repowatch.observer.FreezeRequest;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The table of enabled repos, together with what freezes their data (storage specification §3.1, §7.2). Thread-safe; every
 * publisher is cold and may be subscribed again.
 *
 * <p>Files are touched only on the injected Scheduler and under the repo's lock. Cancelling ends a walk at its next entry; what
 * was taken until then is on record, and the next attempt goes on.
 */
public final class StorageProcessor implements Processor {
    private final RepoTable table;
    private final BlockingWork blocking;
    private final FreezeOperation freezes;
    private final Mono<FreezeMarks> marks;

    /** By repo, the freeze that this process has begun: the tier that an enable brings may be older than that. */
    private final Map<UUID, UUID> frozenHere = new ConcurrentHashMap<>();

    /** By repo, what was to be undone while it was not enabled: the tier that an enable brings may be older than that, too. */
    private final Map<UUID, FreezeRequest> owed = new ConcurrentHashMap<>();

    /**
     * Uses, but does not own, what it gets.
     *
     * @param table the enabled repos, and their locks
     * @param config where shadow repos are, and who commits
     * @param blocking a bounded Scheduler whose threads may block
     * @param clock the time of commits
     * @param progress hears how far walks have come
     */
    public StorageProcessor(
            RepoTable table, StorageConfig config, Scheduler blocking, InstantSource clock, ProgressListener progress) {
        this(table, config, blocking, new StatOperation(config, clock, progress), FreezeStep.Listener.NONE);
    }

    StorageProcessor(
            RepoTable table, StorageConfig config, Scheduler blocking, StatOperation stat, FreezeStep.Listener steps) {
        this.table = table;
        this.blocking = new BlockingWork(blocking);
        FreezeMarks all = new FreezeMarks(config.shadowRoot());
        this.freezes = new FreezeOperation(config, stat, all, steps);
        this.marks = this.blocking
                .run(stopped -> all.load())
                .cache(loaded -> Duration.ofMillis(Long.MAX_VALUE), error -> Duration.ZERO, () -> Duration.ZERO);
    }

    /**
     * Enters the repo, or replaces what is known of it, once it has the repo's lock. Where the registry says that the data is not
     * frozen, and it is on record that a freeze began, the data first gets back what it had: nobody else remembers a freeze that was
     * aborted while this process did not run. A freeze that began in this process is left alone: the history behind {@code info} may be
     * older than it, and whoever began it undoes it. What {@link #undoFreeze} could not undo is undone now, whatever {@code info} says.
     */
    @Override
    public Mono<Void> enable(RepoInfo info) {
        return marks.flatMap(loaded -> table.enable(info, Mono.defer(() -> giveBack(info, loaded))));
    }

    private Mono<Void> giveBack(RepoInfo info, FreezeMarks marks) {
        FreezeRequest request = owed.get(info.id());
        if (request != null) {
            return run(stopped -> freezes.undo(info, request, stopped))
                    .then(Mono.fromRunnable(() -> owed.remove(info.id(), request)));
        }
        return mustUndo(info, marks)
                ? run(stopped -> freezes.undoUnlessBegunBy(frozenHere.get(info.id()), info, stopped))
                : Mono.empty();
    }

    // A failed freeze is looked for in the shadow itself, which may have come from another place without its mark.
    private static boolean mustUndo(RepoInfo info, FreezeMarks marks) {
        return info.tier() == StorageTierCode.ST_FREEZE_FAILED
                || info.tier() == StorageTierCode.ST_ONLINE && marks.contains(info.id());
    }

    @Override
    public Mono<Void> disable(UUID repo) {
        return table.disable(repo);
    }

    @Override
    public Mono<Void> enabled(UUID repo) {
        return table.enabled(repo);
    }

    @Override
    public Mono<Void> gone(UUID repo) {
        return Mono.<Void>fromRunnable(() -> owed.remove(repo)).then(table.gone(repo));
    }

    /**
     * Makes the data immutable, or, where this process or the file system cannot, takes every write permission; then commits to the
     * stat branch by the requester. Fails with {@link RepoNotEnabledException} if the repo is not enabled, with {@link
     * io.repowatch.observer.WeakError} if something cannot be changed, which names it.
     */
    @Override
    public Mono<Void> freeze(FreezeRequest request) {
        return onRepo(request, (info, stopped) -> {
            frozenHere.put(request.repo(), request.workflow());
            freezes.freeze(info, request, stopped);
        });
    }

    /** Gives everything back what it had before the freeze; what another program froze loses the immutable attribute. */
    @Override
    public Mono<Void> unfreeze(FreezeRequest request) {
        return onRepo(request, (info, stopped) -> {
            freezes.unfreeze(info, request, stopped);
            frozenHere.remove(request.repo());
        });
    }

    /** For a repo that is not enabled it is done when it is enabled. */
    @Override
    public Mono<Void> undoFreeze(FreezeRequest request) {
        return Mono.<Void>fromRunnable(() -> {
                    frozenHere.remove(request.repo(), request.workflow());
                    owed.put(request.repo(), request);
                })
                .then(onRepo(request, (info, stopped) -> freezes.undo(info, request, stopped)))
                .then(Mono.<Void>fromRunnable(() -> owed.remove(request.repo(), request)))
                .onErrorResume(RepoNotEnabledException.class, e -> Mono.empty());
    }

    private interface Work {
        void run(RepoInfo info, BooleanSupplier stopped);
    }

    private Mono<Void> onRepo(FreezeRequest request, Work work) {
        return marks.flatMap(loaded -> table.withRepo(request.repo(), info -> run(stopped -> work.run(info, stopped))));
    }

    private Mono<Void> run(Consumer<BooleanSupplier> work) {
        return blocking.run(stopped -> {
                    work.accept(stopped);
                    return true;
                })
                .then();
    }
}
