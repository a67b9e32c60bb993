package io.repowatch.engine;

/** How a turn of an activity, or a wait, has ended. */
sealed interface Verdict {

    /** Not at an end: the next event, please. Never leaves a turn. */
    record GoOn() implements Verdict {}

    /** Read to the end, nothing owed. */
    record Sleep() implements Verdict {}

    /** There is more to do, and a turn is needed for it. */
    record Again() implements Verdict {}

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
    Verdict QUIT = new Quit();
    Verdict HALT = new Halt();
}
