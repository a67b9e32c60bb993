package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.journal.Change;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StreamId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Tells watchers of single streams that there is news, from one change feed for all of them. Starts with the first watcher.
 * Thread-safe.
 */
final class ChangeHub {
    private final Journal journal;
    private final ConcurrentMap<StreamId, List<FluxSink<StreamId>>> watchers = new ConcurrentHashMap<>();
    private final Sinks.Empty<Void> closing = Sinks.empty();
    private @Nullable Disposable feed;
    private boolean closed;

    ChangeHub(Journal journal) {
        this.journal = journal;
    }

    /**
     * Emits the stream's id at once and then whenever there may be news; what a slow subscriber did not ask for is merged
     * into one. Whoever reads after each value misses nothing. Ends in error only: when the feed fails or the hub closes.
     */
    Flux<StreamId> news(StreamId stream) {
        return Flux.<StreamId>create(
                sink -> {
                    watchers.compute(stream, (id, old) -> {
                        List<FluxSink<StreamId>> list = old == null ? new CopyOnWriteArrayList<>() : old;
                        list.add(sink);
                        return list;
                    });
                    sink.onDispose(() -> forget(stream, sink));
                    // The feed starts at a position before the first read, so that nothing falls between the two.
                    start();
                    sink.next(stream);
                },
                FluxSink.OverflowStrategy.LATEST);
    }

    private void forget(StreamId stream, FluxSink<StreamId> sink) {
        watchers.computeIfPresent(stream, (id, list) -> {
            list.remove(sink);
            return list.isEmpty() ? null : list;
        });
    }

    private synchronized void start() {
        if (closed) {
            failAll(shutdown());
        } else if (feed == null) {
            feed = journal.changes(journal.position()).subscribe(this::changed, this::broken, this::ended);
        }
    }

    private void changed(Change change) {
        List<FluxSink<StreamId>> interested = watchers.get(change.stream());
        if (interested != null) {
            interested.forEach(sink -> sink.next(change.stream()));
        }
    }

    private void broken(Throwable error) {
        synchronized (this) {
            feed = null;
        }
        failAll(error);
    }

    private void ended() {
        broken(shutdown());
    }

    private void failAll(Throwable error) {
        watchers.values().forEach(list -> list.forEach(sink -> sink.error(error)));
    }

    /** Ends in error when the hub closes; never completes otherwise. */
    Mono<Void> closing() {
        return closing.asMono();
    }

    /** How many watchers there are, for tests of leaks. */
    int watching() {
        return watchers.values().stream().mapToInt(List::size).sum();
    }

    /** Ends every watch with the error that existing clients know for a server that goes down. Idempotent. */
    void close() {
        synchronized (this) {
            closed = true;
            if (feed != null) {
                feed.dispose();
                feed = null;
            }
        }
        Sinks.EmitResult told = closing.tryEmitError(shutdown());
        if (told == Sinks.EmitResult.OK) {
            failAll(shutdown());
        }
    }

    static RuntimeException shutdown() {
        return WireFields.rejected(Status.Code.UNAVAILABLE, "shutdown");
    }
}
