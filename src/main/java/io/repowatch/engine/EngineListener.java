package io.repowatch.engine;

import io.repowatch.id.Vid;
import java.time.Duration;

/**
 * Hears what the engine does with each activity: metrics, state tables and tests look here. Every method does nothing by
 * default. The class of an activity is {@code key.streamClass()}.
 *
 * <p>Called inline, on the Scheduler of the callbacks, the timer's, or the thread that emitted a wake-up, so it must be
 * thread-safe, quick, and must not block. Calls for one activity come in the order in which things happen; only after a
 * cancel a call that was under way may still arrive. What a method throws is logged and otherwise ignored.
 */
public interface EngineListener {

    /** The activity has something to do and waits for a permit. Also called when it starts and after a wait or back-off. */
    default void ready(StreamKey<?> key) {}

    /** The activity got a permit; its stream is read now. */
    default void run(StreamKey<?> key) {}

    /** The history is folded and {@link Activity#quiesced()} has succeeded: from now on events are live. */
    default void quiesced(StreamKey<?> key) {}

    /** {@link Activity#live} has succeeded for the event {@code event}, its waits included. */
    default void handled(StreamKey<?> key, Vid event) {}

    /** The activity is caught up and has returned its permit. A {@link #ready} may follow at once if news came meanwhile. */
    default void slept(StreamKey<?> key) {}

    /** The activity waits, without read and permit, for the outcome of a {@link Step#await}. */
    default void awaiting(StreamKey<?> key, String why) {}

    /**
     * A read or a callback failed; the activity has returned its permit and tries again.
     *
     * @param delay how long it backs off, jitter included
     * @param attempt the number of failures since the last success, 1 for the first
     */
    default void retry(StreamKey<?> key, Throwable error, Duration delay, int attempt) {}

    /** The instance was given up; the next one starts from the epoch. */
    default void restarted(StreamKey<?> key, String why) {}

    /** The activity has ended by itself. The last call for it. */
    default void quit(StreamKey<?> key) {}

    /** The activity was stopped before it quit: cancelled, with its parent, or with the engine. */
    default void stopped(StreamKey<?> key) {}
}
