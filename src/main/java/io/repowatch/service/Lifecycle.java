package io.repowatch.service;

import io.grpc.Server;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What a server process has started, and how it ends: {@link #close} stops everything, newest first. Thread-safe: it may be
 * closed while something is still being started, which is then stopped at once.
 */
final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Deque<Runnable> stops = new ArrayDeque<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean closed;

    /**
     * Emits what {@code start} emits. Empty if this is closed first. Fails with a {@link Failure} if it cannot start or breaks
     * meanwhile.
     */
    <T> Mono<T> starting(Mono<T> start) {
        Mono<T> ended = Mono.fromFuture(end, true).then(Mono.empty());
        return Mono.firstWithSignal(start, ended)
                .onErrorMap(e -> !(e instanceof Failure), e -> Failure.refused("the service cannot go on: " + e, e));
    }

    /** Something that has to run has broken: ends the process with this reason. */
    void failed(Throwable e) {
        LOG.error("the service cannot go on", e);
        end.completeExceptionally(e);
    }

    /** Waits until this is closed. Fails with a {@link Failure} if something broke. */
    void awaitEnd() throws InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            throw Failure.refused("the service cannot go on: " + e.getCause(), e);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Stops everything, within 10 s; idempotent. */
    @Override
    public void close() {
        for (Runnable stop : takeStops()) {
            try {
                stop.run();
            } catch (RuntimeException e) {
                LOG.warn("while stopping: {}", e.toString());
            }
        }
        end.complete(null);
    }

    private synchronized List<Runnable> takeStops() {
        closed = true;
        List<Runnable> all = List.copyOf(stops);
        stops.clear();
        return all;
    }

    /** What is started last is stopped first. Closed meanwhile, it is stopped at once. */
    void onClose(Runnable stop) {
        if (!push(stop)) {
            stop.run();
        }
    }

    private synchronized boolean push(Runnable stop) {
        if (!closed) {
            stops.push(stop);
        }
        return !closed;
    }

    /** A Scheduler that is disposed of at the end. */
    Scheduler owned(Scheduler scheduler) {
        onClose(scheduler::dispose);
        return scheduler;
    }

    /** A Scheduler of its own with this many threads, which may block. */
    Scheduler blocking(int threads, String name) {
        return owned(Schedulers.newBoundedElastic(threads, Integer.MAX_VALUE, name, 60, true));
    }

    /** A server that is shut down at the end. */
    void owned(Server server) {
        onClose(() -> GrpcEndpoint.stop(server));
    }
}
