package io.repowatch.registry;

/**
 * Something an aggregate is asked to do.
 *
 * @param <S> the state of the aggregate
 * @param <E> its events
 */
interface Command<S, E> {

    /** Decides, without any effect, what is to be stored. Checks are made in the order of registry specification §3. */
    Decision<E> decide(S state);
}
