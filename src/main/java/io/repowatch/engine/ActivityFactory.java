package io.repowatch.engine;

/**
 * Makes the instances of an activity: one at the start, and a new one whenever the stream has to be replayed from the epoch
 * (a failed replay, an unknown position, a gap). What must survive such a restart lives in the factory, not in the instance.
 *
 * @param <E> the type of the event bodies
 */
@FunctionalInterface
public interface ActivityFactory<E> {

    /** Makes an instance that has seen nothing yet. Called on the engine's Scheduler, never concurrently for one stream. */
    Activity<E> create(StreamKey<E> stream, Scope scope);
}
