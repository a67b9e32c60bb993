package io.repowatch.engine;

import io.repowatch.id.Vid;
import reactor.core.publisher.Flux;

/** Where events come from: gRPC, a journal in the same process, a scripted registry. Thread-safe. */
public interface EventSource {

    /**
     * The wake-ups, from the moment of subscription. The source, not the engine, emits {@link Wakeup.All}: once the
     * subscription is effective, and again whenever something may have been missed (a reconnect without resume, an overflow,
     * a position that is too old). The engine reads nothing before the first one. Reconnects by itself; never completes while
     * the source works, and an error ends the engine. One subscriber, the engine; it requests without bound and never
     * blocks the emitting thread. Cancelling ends the subscription at the origin.
     */
    Flux<Wakeup> wakeups();

    /**
     * Reads the events after {@code after} that exist now, oldest first, and completes when caught up.
     * {@link Vid#EPOCH} reads from the first event that still exists. Cold: every subscription is a new read, and cancelling
     * closes it. Honours demand. An unknown stream is empty.
     *
     * <p>Errors: {@link PositionUnknownException} if {@code after} is not (or no longer) in the stream; anything else is a
     * failed read, which the engine repeats after back-off.
     */
    <E> Flux<Event<E>> read(StreamKey<E> stream, Vid after);

    /**
     * As {@link #read}, for an activity that has read to the end before, has not waited (but for a wait that ended with {@link
     * Step#rest}) or failed since, and was woken: may leave out events whose wake-ups are still to come. So a source that brings
     * events with its wake-ups needs no read of its own here. It may be asked again for what it has handed out, without a wake-up
     * in between: a turn that lets others have its permit has not taken all. Default: {@link #read}.
     */
    default <E> Flux<Event<E>> news(StreamKey<E> stream, Vid after) {
        return read(stream, after);
    }

    /**
     * Whether no wake-up can get lost; if not, the engine re-reads sleeping activities slowly (the sweep). A source that says
     * so before its wake-ups are subscribed to stays so; one for which it depends on the server says no until it is connected,
     * and is asked again before each step of the sweep. Never blocks. Default false.
     */
    default boolean lossless() {
        return false;
    }
}
