package io.repowatch.storage;

import io.repowatch.id.GlobalPath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The stat runs that wait or are at work. An order that waits already serves everybody who asks for the same: it looks at the
 * directory later than they asked. So a busy repo has at most one run at work and one of each kind waiting, and a run takes a
 * worker only when it has the repo's lock; other repos never wait for it. Thread-safe.
 */
final class StatRuns implements Disposable {
    private static final Logger LOG = LoggerFactory.getLogger(StatRuns.class);

    private final RepoTable table;
    private final StatOperation operation;
    private final int capacity;
    private final BlockingWork blocking;
    private final Map<Order, StatRun> waiting = new HashMap<>();
    private final Set<StatRun> unfinished = new HashSet<>();
    private boolean disposed;

    /**
     * What is asked for; equal orders are served by one run.
     *
     * @param path where the repo was when it was asked for and the caller was found entitled
     */
    record Order(UUID repo, GlobalPath path, boolean rangeOnly) {}

    StatRuns(RepoTable table, StatOperation operation, StorageConfig config, BlockingWork blocking) {
        this.table = table;
        this.operation = operation;
        this.capacity = config.statQueue();
        this.blocking = blocking;
    }

    /** Completes when a run that began after this is done. Cancelling ends the run if nobody else wants it. */
    Mono<Void> await(Order order, GitUser author) {
        return Mono.create(sink -> {
            StatRun run;
            synchronized (this) {
                run = runFor(order, author);
                run.addWaiter(sink);
            }
            sink.onCancel(() -> leave(run, sink));
            run.begin();
        });
    }

    /** Queues a run that nobody waits for. What becomes of it goes to the log. */
    void start(Order order, GitUser author) {
        StatRun run;
        synchronized (this) {
            run = runFor(order, author);
            run.pin();
        }
        run.begin();
    }

    private StatRun runFor(Order order, GitUser author) {
        if (disposed) {
            throw new BusyException("the storage services are stopped");
        }
        StatRun present = waiting.get(order);
        if (present != null) {
            return present;
        }
        if (waiting.size() >= capacity) {
            throw new BusyException(capacity + " stat runs wait already; try again later");
        }
        StatRun run = new StatRun(order, started -> work(started, author), this::finished);
        waiting.put(order, run);
        unfinished.add(run);
        return run;
    }

    private Mono<Boolean> work(StatRun run, GitUser author) {
        Order order = run.order();
        return table.withRepo(order.repo(), info -> {
            // From now on new requests want a new run: this one may have passed what they changed.
            synchronized (this) {
                waiting.remove(order, run);
            }
            return info.globalPath().equals(order.path())
                    ? blocking.run(
                            stopped -> operation.run(operation.request(info, author, order.rangeOnly()), stopped))
                    // Whoever asked was entitled to the old place only.
                    : Mono.error(new BusyException("the repo has moved to " + info.globalPath() + "; ask again"));
        });
    }

    private void leave(StatRun run, MonoSink<Void> sink) {
        boolean unwanted;
        synchronized (this) {
            unwanted = run.removeWaiter(sink);
            if (unwanted) {
                // So that nobody joins it between here and its end.
                waiting.remove(run.order(), run);
            }
        }
        if (unwanted) {
            run.dispose();
        }
    }

    private void finished(StatRun run, @Nullable Throwable error) {
        List<MonoSink<Void>> waiters;
        boolean unheard;
        synchronized (this) {
            waiting.remove(run.order(), run);
            unfinished.remove(run);
            waiters = run.takeWaiters();
            unheard = run.isPinned();
        }
        if (error == null) {
            waiters.forEach(MonoSink::success);
            return;
        }
        if (unheard && !(error instanceof CancellationException)) {
            LOG.warn("stat of repo {} failed: {}", run.order().repo(), error.getMessage());
        }
        waiters.forEach(waiter -> waiter.error(error));
    }

    /** Cancels all runs; later orders are refused. */
    @Override
    public void dispose() {
        Set<StatRun> running;
        synchronized (this) {
            disposed = true;
            running = Set.copyOf(unfinished);
        }
        running.forEach(StatRun::dispose);
    }

    @Override
    public synchronized boolean isDisposed() {
        return disposed;
    }
}
