package io.repowatch.engine;

import java.util.UUID;

/**
 * Names one event stream. Keys are values: two keys of the same stream are equal. Several streams may belong to one entity;
 * a wake-up of the entity wakes them all.
 *
 * @param <E> the type of the event bodies
 */
public interface StreamKey<E> {

    /** The entity whose wake-ups concern this stream. */
    UUID entity();

    /** The class whose limit a read of this stream counts against. */
    StreamClass streamClass();
}
