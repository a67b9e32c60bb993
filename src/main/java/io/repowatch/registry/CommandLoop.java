package io.repowatch.registry;

import io.repowatch.journal.Append;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StreamId;
import io.repowatch.journal.VersionConflictException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The transactions of one registry (or of main), one at a time and in order. The next is decided on the pending state while
 * the sync of the last runs, so that many share one sync; every answer, also a refusal, waits until all it was decided on is
 * durable. When an append fails, whatever was decided on top of it is decided again on what the journal really holds.
 *
 * <p>Needs no thread of its own: work is done on the scheduler whenever there is some, by one thread at a time.
 */
class CommandLoop {
    /** Afterwards the thread goes to another loop first, so that one busy registry does not hold it. */
    private static final int TURN = 256;

    /** A transaction that lost this many races has a foreign writer against it, which is not meant to be. */
    private static final int ATTEMPTS = 8;

    private final Journal journal;
    private final Scheduler scheduler;
    private final Identities identities;
    private final AggregateRef<?, ?> own;
    private final StateCache cache;

    private final Queue<LoopTask<?>> submitted = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();

    // Confined to the one thread that drains.
    private final Deque<LoopTask<?>> again = new ArrayDeque<>();
    private final Deque<LoopTask<?>> onTheWay = new ArrayDeque<>();
    private @Nullable LoopTask<?> loading;
    private boolean failed;

    private volatile @Nullable Snapshot<?> published;
    private volatile boolean dead;

    CommandLoop(Journal journal, Scheduler scheduler, Identities identities, AggregateRef<?, ?> own, int cachedStates) {
        this.journal = journal;
        this.scheduler = scheduler;
        this.identities = identities;
        this.own = own;
        this.cache = new StateCache(own.stream(), cachedStates);
    }

    /**
     * Emits the reply once everything it rests on is durable. Cold: each subscription is a transaction. Cancelling before
     * the decision prevents it, later it changes nothing. Values arrive on the scheduler.
     */
    <R> Mono<R> submit(Transaction<R> transaction) {
        return Mono.<R>create(sink -> {
                    LoopTask<R> task = new LoopTask<>(transaction, sink);
                    submitted.add(task);
                    wake();
                })
                .publishOn(scheduler);
    }

    /**
     * Emits the newest durable state of the loop's own aggregate; loads it if it was never needed.
     *
     * @param ref the reference the loop was made with
     */
    @SuppressWarnings("unchecked")
    <S> Mono<Snapshot<S>> current(AggregateRef<S, ?> ref) {
        return Mono.defer(() -> {
            Snapshot<?> snapshot = published;
            return snapshot != null
                    ? Mono.just((Snapshot<S>) snapshot)
                    : submit(unit -> new Snapshot<>(unit.vid(ref), unit.state(ref)));
        });
    }

    private void wake() {
        if (work.getAndIncrement() == 0) {
            schedule();
        } else if (dead) {
            refuseAll();
        }
    }

    private void schedule() {
        try {
            scheduler.schedule(this::drain);
        } catch (RejectedExecutionException e) {
            // The server is going down. Whoever still waits gets an answer, on this thread as there is no other.
            dead = true;
            abandon();
        }
    }

    /** The count of work stays up from here on, so nobody drains at the same time or later. */
    private void abandon() {
        for (Runnable news = arrived.poll(); news != null; news = arrived.poll()) {
            news.run();
        }
        settle();
        onTheWay.forEach(CommandLoop::refuse);
        again.forEach(CommandLoop::refuse);
        if (loading != null) {
            refuse(loading);
        }
        refuseAll();
    }

    private void refuseAll() {
        for (LoopTask<?> task = submitted.poll(); task != null; task = submitted.poll()) {
            refuse(task);
        }
    }

    private static void refuse(LoopTask<?> task) {
        task.fail(new RejectedExecutionException("the registry's scheduler is disposed"));
    }

    private void drain() {
        int missed = work.get();
        int turn = 0;
        do {
            for (Runnable news = arrived.poll(); news != null; news = arrived.poll()) {
                news.run();
            }
            settle();
            while (loading == null && !failed && turn < TURN && startNext()) {
                turn++;
            }
            settle();
            if (turn == TURN) {
                schedule();
                return;
            }
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    /** Starts the transaction that is first in line; false if there is none. */
    private boolean startNext() {
        LoopTask<?> task = again.isEmpty() ? submitted.poll() : again.poll();
        if (task == null) {
            return false;
        }
        if (!task.cancelled()) {
            List<AggregateRef<?, ?>> missing = missing(task);
            if (missing.isEmpty() && (task.claims() == null || task.claimUsed != null)) {
                decide(task);
            } else {
                load(task, missing);
            }
        }
        return true;
    }

    private List<AggregateRef<?, ?>> missing(LoopTask<?> task) {
        List<AggregateRef<?, ?>> missing = new ArrayList<>();
        if (cache.pending(own.stream()) == null) {
            missing.add(own);
        }
        for (AggregateRef<?, ?> ref : task.needs()) {
            if (cache.pending(ref.stream()) == null) {
                missing.add(ref);
            }
        }
        return missing;
    }

    private void load(LoopTask<?> task, List<AggregateRef<?, ?>> missing) {
        loading = task;
        task.subscription = Flux.fromIterable(missing)
                .concatMap(ref -> replay(ref).doOnNext(snapshot -> arrive(() -> take(ref, snapshot))))
                .then(lookUpClaim(task))
                .subscribe(
                        done -> {}, error -> arrive(() -> loaded(task, error)), () -> arrive(() -> loaded(task, null)));
    }

    /**
     * What is on its way is looked at before what is stored, and nothing is decided in between: whatever begins is seen at
     * one of the two places.
     */
    private Mono<Void> lookUpClaim(LoopTask<?> task) {
        UUID id = task.claims();
        if (id == null) {
            return Mono.empty();
        }
        boolean pending = ClaimedId.isPending(cache, id);
        return ClaimedId.isStored(journal, id)
                .doOnNext(stored -> arrive(() -> task.claimUsed = pending || stored))
                .then();
    }

    private <S, E> Mono<Snapshot<S>> replay(AggregateRef<S, E> ref) {
        return Replay.from(journal, ref, base(ref));
    }

    @SuppressWarnings("unchecked")
    private <S> Snapshot<S> base(AggregateRef<S, ?> ref) {
        Snapshot<?> known = cache.durable(ref.stream());
        return known == null ? Snapshot.initial(ref.aggregate()) : (Snapshot<S>) known;
    }

    private void take(AggregateRef<?, ?> ref, Snapshot<?> snapshot) {
        cache.loaded(ref.stream(), snapshot);
        if (ref.equals(own)) {
            published = snapshot;
        }
    }

    private void loaded(LoopTask<?> task, @Nullable Throwable error) {
        loading = null;
        if (error == null) {
            again.addFirst(task);
        } else {
            task.fail(error);
        }
    }

    private void arrive(Runnable news) {
        arrived.add(news);
        wake();
    }

    private void decide(LoopTask<?> task) {
        UnitOfWork unit = unit(cache::pending, identities, Boolean.TRUE.equals(task.claimUsed));
        onTheWay.add(task);
        task.decide(unit);
        task.claimUsed = null;
        if (unit.appends().isEmpty() || task.refused()) {
            task.arrivedWithoutAppend();
            return;
        }
        cache.advance(unit.changed());
        task.subscription = append(unit.appends())
                .subscribe(
                        position -> arrive(() -> task.arrived(unit.changed(), null)),
                        error -> arrive(() -> task.arrived(unit.changed(), error)));
    }

    /** What the next transaction works with. */
    UnitOfWork unit(
            Function<StreamId, @Nullable Snapshot<?>> states, Identities ids, boolean claimUsed) {
        return new UnitOfWork(states, ids, claimUsed);
    }

    /** Stores what one transaction adds, all or nothing. */
    Mono<Long> append(List<Append> appends) {
        return journal.append(appends);
    }

    /** Answers, in the order of decision, whatever has arrived; after a failure waits for the rest and starts afresh. */
    private void settle() {
        for (LoopTask<?> first = onTheWay.peek(); first != null && first.arrived(); first = onTheWay.peek()) {
            onTheWay.poll();
            settle(first);
        }
        if (failed && onTheWay.isEmpty()) {
            cache.recover();
            failed = false;
        }
    }

    private void settle(LoopTask<?> task) {
        Throwable failure = task.failure();
        if (failure != null) {
            failed = true;
            cache.failed(task.changed());
            if (failure instanceof VersionConflictException && ++task.attempts < ATTEMPTS) {
                again.add(task);
            } else {
                task.fail(failure);
            }
        } else if (!task.changed().isEmpty()) {
            cache.durable(task.changed());
            publish(task.changed().get(own.stream()));
            task.answer();
        } else if (failed) {
            again.add(task);
        } else {
            task.answer();
        }
    }

    private void publish(@Nullable Snapshot<?> snapshot) {
        if (snapshot != null) {
            published = snapshot;
        }
    }

    /** How many states are held, for tests of the bound. */
    int cachedStates() {
        return cache.size();
    }

    StreamId stream() {
        return own.stream();
    }
}
