package io.repowatch.engine;

import reactor.core.publisher.Mono;

/** What an activity wants next. An empty Mono means {@link #next()}. */
public sealed interface Step {

    /** Go on. */
    record Next() implements Step {
        static final Next INSTANCE = new Next();
        static final Mono<Step> MONO = Mono.just(INSTANCE);
    }

    /** Go on when there is news. */
    record Rest() implements Step {
        static final Rest INSTANCE = new Rest();
        static final Mono<Step> MONO = Mono.just(INSTANCE);
    }

    /** The activity has ended; nothing more is read for it. */
    record Quit() implements Step {
        static final Quit INSTANCE = new Quit();
        static final Mono<Step> MONO = Mono.just(INSTANCE);
    }

    /**
     * Wait for {@code outcome} without holding a read, a permit or a thread.
     *
     * @param why what is waited for, in words for an operator
     * @param outcome subscribed once, after the read is closed and the permit returned; its Step takes this one's place
     */
    record Await(String why, Mono<Step> outcome) implements Step {}

    /** Go on; a shared constant. */
    static Mono<Step> next() {
        return Next.MONO;
    }

    /**
     * Go on, but do not look for news that nobody tells of; a shared constant. For the end of an {@link #await} that has
     * written nothing to the stream: after any other Step the stream is read at once, after this one when a wake-up has come
     * since the last read was opened, or comes. {@link Activity#caughtUp} is then due with that read. Where events are left
     * unread because the wait began at a live one, and without a wait, the same as {@link #next}.
     */
    static Mono<Step> rest() {
        return Rest.MONO;
    }

    /** End the activity; a shared constant. */
    static Mono<Step> quit() {
        return Quit.MONO;
    }

    /**
     * Close the read, return the permit, then subscribe to {@code outcome}; the Step that it emits takes the place of this
     * one. The event counts as handled only then. An error of {@code outcome} is a failure of the callback; the engine cancels
     * {@code outcome} when it cancels the activity. Work inside {@code outcome} runs under no permit, so whoever does it bounds itself.
     */
    static Mono<Step> await(String why, Mono<Step> outcome) {
        return Mono.just(new Await(why, outcome));
    }
}
