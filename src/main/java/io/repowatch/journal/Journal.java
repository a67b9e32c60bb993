package io.repowatch.journal;

import io.repowatch.id.Vid;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An append-only store of event streams with one change feed over all of them. Thread-safe. Positions are counted from 1
 * without gaps; 0 is before the first append.
 */
public interface Journal extends AutoCloseable {

    /**
     * Appends to several streams, all or none, as one durable record at one position; the order of the list is causal order.
     * Emits the position once the record is durable, and never before. Cold: each subscription appends once. Appends of
     * several callers that wait together share one sync. Values arrive on the journal's own thread. Cancelling after the
     * record was handed over does not take it back.
     *
     * <p>A stream may be named again; the later part then expects the version that the earlier part leaves.
     *
     * <p>Errors, after each of which nothing of the append is visible: {@link VersionConflictException} if a stream does not
     * have the expected version; {@link IllegalArgumentException} if there is nothing to append, or an event id is the epoch
     * or used in the stream already; {@link JournalException} if the record could not be made durable or the journal is
     * closed. Where only the confirmation of the disk is missing, an append that failed may be there, whole, when the journal
     * is opened again.
     */
    Mono<Long> append(List<Append> appends);

    /**
     * The events of a stream after {@code after} that exist now, oldest first; completes when caught up. Cold, honours
     * demand; sees no part of an append without the rest. {@link Vid#EPOCH} reads from the first event. An unknown stream is
     * empty, whatever {@code after} is.
     *
     * <p>Errors: {@link UnknownPositionException} if the stream has events but not {@code after}.
     */
    Flux<StoredEvent> read(StreamId stream, Vid after);

    /**
     * The same events as {@link #read}, with the same errors, some at a time: an element is one or more events that follow each
     * other, as many as the journal reads at once. For whoever reads long streams, as an event of its own costs less there.
     */
    default Flux<List<StoredEvent>> readPages(StreamId stream, Vid after) {
        return read(stream, after).buffer(128);
    }

    /** The version of a stream; {@link Vid#EPOCH} if it has no events. Emits one value. */
    Mono<Vid> tail(StreamId stream);

    /**
     * The changes after {@code position}, first those that exist, then new ones as they become durable; without gaps and in
     * order of position. Never completes while the journal is open; completes on close. Cold, honours demand: a slow
     * subscriber is read for when it asks, nothing is buffered for it beyond a small batch and nothing is dropped.
     *
     * <p>Errors: {@link PositionBeyondEndException} if {@code position} is beyond the newest append at the time of the
     * subscription; {@link IllegalArgumentException} if it is negative.
     */
    Flux<Change> changes(long position);

    /**
     * The changes after {@code position} that exist now, in order and without gaps; completes when caught up. Otherwise as
     * {@link #changes}, with the same errors. By default not there: a journal that nobody reads announcements from can do
     * without.
     */
    default Flux<Change> changesNow(long position) {
        return Flux.error(() -> new UnsupportedOperationException("this journal does not list its changes"));
    }

    /**
     * The events that a change has brought, if the journal still has them in memory; else empty, and they can be read. Never
     * blocks and never fails, also when the journal is closed. Default empty.
     */
    default List<StoredEvent> brought(Change change) {
        return List.of();
    }

    /** The position of the newest durable append; 0 if there is none. */
    long position();

    /**
     * The greatest id, as an unsigned 128-bit number, of all events that were ever appended; {@link Vid#EPOCH} if there is
     * none. A sequence of ids that goes on from here repeats none, whatever the clock says.
     */
    Vid newest();

    /** The ids of all streams of a category, in no particular order. Cold; meant for the start. */
    Flux<StreamId> streams(byte category);

    /** Lets running appends become durable or fail, completes the change feeds, and releases the store. Idempotent. Blocks. */
    @Override
    void close();
}
