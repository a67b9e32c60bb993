package io.repowatch.engine;

/** How a turn of an activity, or a wait, has ended. */
sealed interface Verdict {

    /** Not at an end: the next event, please. Never leaves a turn. */
    record GoOn() implements Verdict {}

    /** Read to the end, nothing owed. */
    record Sleep() implements Verdict {}

    /** There is more to do, and a turn is needed for it. */
    record Again() implements Verdict {}

    /** There are more events, but others have waited long enough for the permit. */
    record Yield() implements Verdict {}

    /** The wait has ended and the stream was read to its end before; only a wake-up means that there is more to do. */
    record Rest() implements Verdict {}

    record Quit() implements Verdict {}

    /** The engine is stopping: no further callback begins. */
    record Halt() implements Verdict {}

    record Wait(Call call, Step.Await step) implements Verdict {}

    record Failed(Throwable error, boolean restart) implements Verdict {}

    /** The instance has missed events. */
    record Gap(String what) implements Verdict {}

    Verdict GO_ON = new GoOn();
    Verdict SLEEP = new Sleep();
    Verdict AGAIN = new Again();
    Verdict YIELD = new Yield();
    Verdict REST = new Rest();
    Verdict QUIT = new Quit();
    Verdict HALT = new Halt();
}
