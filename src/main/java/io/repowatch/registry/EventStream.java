package io.repowatch.registry;

import io.grpc.Status;
import io.repowatch.id.Vid;
import io.repowatch.journal.Journal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.journal.UnknownPositionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Serves one event stream as encoded messages (registry specification §2.2). Without {@code watch} it completes when caught
 * up. With it, each time it has caught up after something was sent, and once at the start, one message says that reading will
 * block; while nothing happens nothing is sent.
 */
final class EventStream {
    private final Journal journal;
    private final ChangeHub hub;
    private final Scheduler scheduler;
    private final int messageBytes;

    EventStream(Journal journal, ChangeHub hub, Scheduler scheduler, int messageBytes) {
        this.journal = journal;
        this.hub = hub;
        this.scheduler = scheduler;
        this.messageBytes = messageBytes;
    }

    /**
     * Which events are asked for.
     *
     * @param stream the stream
     * @param after the event to start after
     * @param errorPrefix what the error for an unknown {@code after} begins with
     * @param firstEvent looks at the first event of the history before anything is sent and throws if the caller may not see
     *     it; null if there is nothing to look at
     */
    record Source(
            StreamId stream,
            Vid after,
            String errorPrefix,
            @Nullable Consumer<StoredEvent> firstEvent) {

        /** The same events from another one on. */
        Source withAfter(Vid other) {
            return new Source(stream, other, errorPrefix, firstEvent);
        }
    }

    /**
     * What is asked for.
     *
     * @param source which events
     * @param watch whether to go on when caught up
     * @param shape how the messages look
     */
    record Request(Source source, boolean watch, MessageShape shape) {}

    /** The events that exist now, as they are stored. Cold; honours demand; values arrive on the journal's threads. */
    Flux<StoredEvent> events(Source source) {
        Flux<StoredEvent> events = journal.read(source.stream(), source.after());
        Consumer<StoredEvent> check = source.firstEvent();
        Flux<StoredEvent> allowed = check == null
                ? events
                : journal.read(source.stream(), Vid.EPOCH)
                        .next()
                        .doOnNext(check)
                        .thenMany(events);
        return allowed.onErrorMap(UnknownPositionException.class, e -> unknownPosition(source));
    }

    /** The messages. Cold; honours demand; values arrive on the scheduler; cancelling closes the read and the watch. */
    Flux<byte[]> open(Request request) {
        return Flux.defer(() -> {
                    Cursor cursor = new Cursor(request);
                    return request.watch()
                            ? hub.news(request.source().stream())
                                    .publishOn(scheduler, 1)
                                    .concatMap(news -> cursor.drain().concatWith(cursor.willBlock()), 1)
                            : cursor.drain();
                })
                .onErrorMap(UnknownPositionException.class, e -> unknownPosition(request.source()));
    }

    private static RuntimeException unknownPosition(Source source) {
        return WireFields.rejected(
                Status.Code.OUT_OF_RANGE, source.errorPrefix() + "db: finding start failed: not found");
    }

    /** How far one subscriber is; used by one read at a time. */
    private final class Cursor {
        private final Request request;
        private Vid last;
        private boolean allowed;
        private boolean owesWillBlock = true;

        Cursor(Request request) {
            this.request = request;
            this.last = request.source().after();
            this.allowed = request.source().firstEvent() == null;
        }

        Flux<byte[]> drain() {
            return Flux.defer(() -> allowed ? read() : admit().flatMapMany(first -> read()));
        }

        /**
         * Emits the first event if there is one and it may be seen. A history that begins only afterwards is not read now,
         * unchecked, but at the next news.
         */
        private Mono<StoredEvent> admit() {
            Consumer<StoredEvent> check = request.source().firstEvent();
            return journal.read(request.source().stream(), Vid.EPOCH).next().doOnNext(first -> {
                if (check != null) {
                    check.accept(first);
                }
                allowed = true;
            });
        }

        private Flux<byte[]> read() {
            return Flux.defer(() -> {
                Packing packing = new Packing(request.shape(), messageBytes);
                return journal.readPages(request.source().stream(), last)
                        .doOnNext(page -> {
                            last = page.get(page.size() - 1).id();
                            owesWillBlock = true;
                        })
                        .concatMapIterable(packing::add, 1)
                        .concatWith(Flux.defer(() -> Flux.fromIterable(packing.rest())));
            });
        }

        Mono<byte[]> willBlock() {
            return Mono.defer(() -> {
                boolean owed = owesWillBlock;
                owesWillBlock = false;
                return owed ? Mono.just(request.shape().willBlock()) : Mono.empty();
            });
        }
    }
}
