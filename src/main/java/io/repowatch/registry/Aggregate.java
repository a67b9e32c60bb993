package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.id.Vid;

/**
 * A kind of aggregate: how the events of its streams become its state. Stateless; may be shared.
 *
 * @param <S> the state, immutable
 * @param <E> the events as they are stored, which is as the wire carries them
 */
interface Aggregate<S, E> {

    /** What the journal keeps its streams under. */
    Category category();

    /** What its rejections begin with, such as {@code registry error: }. */
    String errorPrefix();

    /** The state before the first event. */
    S initial();

    /**
     * The state after one more event. Deterministic; its cost does not grow with the number of repos. Knows every event that
     * may be in a stream, also of commands that others carried out, and ignores types it does not know.
     */
    S evolve(S state, E event);

    /** Reads a stored body. */
    E parse(byte[] body) throws InvalidProtocolBufferException;

    /** The event with its id and parent set. */
    E identified(E event, Vid id, Vid parent);

    /** The bytes to be stored. */
    byte[] bytes(E event);
}
