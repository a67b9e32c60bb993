package io.repowatch.registry;

import io.repowatch.id.Vid;

/**
 * The state of an aggregate at one version of its stream.
 *
 * @param vid the id of the last event in it, the epoch before the first
 * @param state the state
 */
record Snapshot<S>(Vid vid, S state) {

    /** The snapshot before the first event. */
    static <S> Snapshot<S> initial(Aggregate<S, ?> aggregate) {
        return new Snapshot<>(Vid.EPOCH, aggregate.initial());
    }
}
