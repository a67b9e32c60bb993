package io.repowatch.storage;

import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoGoneException;
import io.repowatch.observer.RepoInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The enabled repos of this host, each with a fair lock under which all its operations run one after the other (storage
 * specification §3.1). Waiting for a lock holds no thread. Thread-safe.
 *
 * <p>Publishers are cold. What they emit comes on the thread that freed the lock or changed the table; a subscriber must not
 * block it.
 */
public final class RepoTable implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(RepoTable.class);

    /** How many requests may wait for one repo. */
    private static final int MAX_WAITING = 100;

    private final ConcurrentHashMap<UUID, Slot> slots = new ConcurrentHashMap<>();
    private final RepoLocks locks = new RepoLocks();

    private static final class Slot {
        @Nullable
        RepoInfo info;

        boolean gone;
        List<MonoSink<RepoInfo>> waiting = new ArrayList<>(0);
    }

    /** An empty table. */
    public RepoTable() {}

    /** Enters the repo, or replaces what is known of it, once it has the repo's lock. */
    @Override
    public Mono<Void> enable(RepoInfo info) {
        return enable(info, Mono.empty());
    }

    /** As above; what must be done first is done under the lock too. */
    Mono<Void> enable(RepoInfo info, Mono<Void> first) {
        return withLock(info.id(), () -> first.then(Mono.fromRunnable(() -> put(info))));
    }

    /** Removes the repo once it has the repo's lock, so that no operation on it runs any more on completion. */
    @Override
    public Mono<Void> disable(UUID repo) {
        return withLock(repo, () -> Mono.fromRunnable(() -> remove(repo)));
    }

    /** What is known of an enabled repo at this moment. Returns at once; the repo may be disabled right after. */
    public Optional<RepoInfo> find(UUID repo) {
        Slot slot = slots.get(repo);
        return slot == null ? Optional.empty() : Optional.ofNullable(slot.info);
    }

    /** How many repos are enabled at this moment. Costs a pass over the table. */
    public int size() {
        return (int) slots.values().stream().filter(slot -> slot.info != null).count();
    }

    /**
     * Emits once the repo is enabled: at once if it is, otherwise when it becomes so. Fails with {@link RepoGoneException} once it has
     * left this host. Only the state at the time of the
     * subscription counts, not whether it was enabled before. Cancelling ends the wait.
     */
    public Mono<RepoInfo> whenEnabled(UUID repo) {
        return Mono.create(sink -> {
            Slot[] now = new Slot[1];
            slots.compute(repo, (id, old) -> {
                Slot slot = old == null ? new Slot() : old;
                if (slot.info == null && !slot.gone) {
                    slot.waiting.add(sink);
                }
                // The slot of an enabled repo, and of one that has gone, is never changed, only replaced.
                now[0] = slot;
                return slot;
            });
            if (now[0].info != null) {
                sink.success(now[0].info);
            } else if (now[0].gone) {
                sink.error(new RepoGoneException(repo));
            } else {
                sink.onCancel(() -> forget(repo, sink));
            }
        });
    }

    /** As {@link #whenEnabled}, without telling what is known of the repo. Holds no thread. */
    @Override
    public Mono<Void> enabled(UUID repo) {
        return whenEnabled(repo).then();
    }

    /**
     * Remembers that the repo has left, until it is enabled again: whoever waits for that, now or later, fails with {@link
     * RepoGoneException}. An enabled repo is not touched.
     */
    @Override
    public Mono<Void> gone(UUID repo) {
        return Mono.fromRunnable(() -> {
            List<MonoSink<RepoInfo>> waiting = new ArrayList<>();
            slots.compute(repo, (id, slot) -> {
                if (slot != null && slot.info != null) {
                    return slot;
                }
                if (slot != null) {
                    waiting.addAll(slot.waiting);
                }
                Slot left = new Slot();
                left.gone = true;
                return left;
            });
            waiting.forEach(sink -> sink.error(new RepoGoneException(repo)));
        });
    }

    /**
     * Runs an operation on an enabled repo alone. The repo is looked up when the lock is held, so that an operation never
     * works on a place the repo has left meanwhile.
     *
     * <p>Emits what the operation emits, after the lock is free again. Fails with {@link RepoNotEnabledException} if the repo is
     * not enabled then, with {@link BusyException} if 100 requests wait already. Cancelling cancels the operation.
     */
    public <T> Mono<T> withRepo(UUID repo, Function<RepoInfo, Mono<T>> operation) {
        return locks.withLock(repo, MAX_WAITING, () -> onEnabled(repo, operation));
    }

    /** As above, but never waits: fails with {@link BusyException} if anything else works on the repo, or waits for it. */
    <T> Mono<T> withFreeRepo(UUID repo, Function<RepoInfo, Mono<T>> operation) {
        return locks.withFreeLock(repo, () -> onEnabled(repo, operation));
    }

    private <T> Mono<T> onEnabled(UUID repo, Function<RepoInfo, Mono<T>> operation) {
        return find(repo).map(operation).orElseGet(() -> Mono.error(new RepoNotEnabledException(repo)));
    }

    /** Tells which repos are enabled, in no order; those that change meanwhile may be told or not. */
    void forEachEnabled(Consumer<UUID> visitor) {
        slots.forEach((repo, slot) -> {
            if (slot.info != null) {
                visitor.accept(repo);
            }
        });
    }

    /** Runs work on a repo alone, enabled or not, however many wait. */
    <T> Mono<T> withLock(UUID repo, Supplier<Mono<T>> work) {
        return locks.withLock(repo, work);
    }

    private void put(RepoInfo info) {
        List<MonoSink<RepoInfo>> waiting = new ArrayList<>();
        slots.compute(info.id(), (id, old) -> {
            Slot slot = new Slot();
            slot.info = info;
            if (old != null) {
                waiting.addAll(old.waiting);
            }
            return slot;
        });
        LOG.debug("enabled repo {} {}", info.id(), info.globalPath());
        waiting.forEach(sink -> sink.success(info));
    }

    private void remove(UUID repo) {
        Slot removed = slots.get(repo);
        // An enabled repo has no waiters, so the whole slot can go.
        if (removed != null && removed.info != null && slots.remove(repo, removed)) {
            LOG.debug("disabled repo {}", repo);
        }
    }

    private void forget(UUID repo, MonoSink<RepoInfo> sink) {
        slots.computeIfPresent(repo, (id, slot) -> {
            slot.waiting.remove(sink);
            return slot.info == null && !slot.gone && slot.waiting.isEmpty() ? null : slot;
        });
    }
}
