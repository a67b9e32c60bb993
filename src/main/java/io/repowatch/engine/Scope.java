package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.util.List;

/**
 * The children of one activity. Belongs to the running activity, not to an instance: after a restart from the epoch the new
 * instance gets the same scope with the same children. Children are stopped when their parent is stopped, and outlive a
 * parent that quits. Called from callbacks of the parent or of a child; thread-safe.
 */
public interface Scope {

    /** The stream of the activity that this scope belongs to; a million activities need not keep their keys themselves. */
    StreamKey<?> stream();

    /**
     * The last event of that stream that counts as handled: folded, or its callback has succeeded; {@link Vid#EPOCH} before the
     * first. For the activity's own callbacks only, and during one it is that of the event before.
     */
    Vid tail();

    /**
     * Starts an activity on {@code key} after every earlier one that was started on this key through this scope has ended.
     * Idempotent per (key, tag): while one with an equal tag runs or is queued, the call does nothing.
     */
    <E> void startInTurn(StreamKey<E> key, Object tag, ActivityFactory<E> factory);

    /** Removes a queued activity that has not started; false if there is none with this tag (it runs, ended, or never was). */
    boolean dropQueued(StreamKey<?> key, Object tag);

    /** The tags of the activities on {@code key}: of the one that runs, then of those that are queued, in their order. */
    List<Object> tags(StreamKey<?> key);

    /** Whether no activity of this scope runs or is queued on {@code key}. */
    boolean idle(StreamKey<?> key);
}
