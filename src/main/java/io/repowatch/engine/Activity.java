package io.repowatch.engine;

import reactor.core.publisher.Mono;

/**
 * What follows one stream. All callbacks of one activity are serial, each happens-before the next, and run on the engine's
 * Scheduler; an activity needs no synchronisation of its own. A callback ends when its Mono ends: the next event is
 * delivered only then. A callback holds one of the bounded read permits, so it does short work only; whatever takes long is
 * returned as {@link Step#await}.
 *
 * @param <E> the type of the event bodies
 */
public interface Activity<E> {

    /**
     * One event of the history, before the stream was first quiet. Folds only: nothing it does may be visible outside. An
     * exception makes the engine start again, after back-off, with a new instance from the epoch.
     */
    void replay(Event<E> event);

    /**
     * The stream is quiet for the first time: act on the final state. An error is retried after back-off; events that came
     * meanwhile are folded first.
     */
    Mono<Step> quiesced();

    /** One event after quiescence. An error is retried after back-off with the same event, so it must tolerate repetition. */
    Mono<Step> live(Event<E> event);

    /**
     * The stream is quiet again, after live events or after an {@link Step#await} has ended. An error makes the engine owe
     * the call, also without new events. Does nothing by default.
     */
    default Mono<Step> caughtUp() {
        return Step.next();
    }
}
