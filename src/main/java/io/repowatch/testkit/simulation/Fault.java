package io.repowatch.testkit.simulation;

import java.util.Locale;

/** What the simulation does to the system. */
enum Fault {
    /** A read ends in an error after any number of events. */
    READ_CUT,
    /** A read leaves out an event in its middle, which only the next one's parent tells. */
    READ_GAP,
    /** The registry does not know where a read is to go on, as after a history was trimmed. */
    POSITION_UNKNOWN,
    /** A read is slow. */
    READ_SLOW,
    SIGNAL_LOST,
    SIGNAL_DUPLICATED,
    SIGNAL_DELAYED,
    /** The stream of signals ends; what is signalled until it is up again is lost. */
    SUBSCRIPTION_LOST,
    /** A command does not arrive. */
    COMMAND_LOST,
    /** A command arrives twice. */
    COMMAND_DUPLICATED,
    /** A command is carried out, and its answer does not arrive. */
    REPLY_LOST,
    /** A process dies at once, at any step. */
    OBSERVER_CRASH,
    /** An observer is stopped in order. */
    OBSERVER_STOP,
    REGISTRY_CRASH,
    /** An append that is being written is on the disk after a crash, although nobody was told. */
    APPEND_UNACKNOWLEDGED,
    /** The disk refuses a sync. */
    SYNC_FAILED,
    /** The clock of a registry that starts is behind. */
    CLOCK_BACK,
    /** A side effect fails in a way that is stored at once, is stored after some retries, or is retried for ever. */
    SIDE_EFFECT_STRONG,
    SIDE_EFFECT_WEAK,
    SIDE_EFFECT_FAILED,
    /** A side effect takes minutes. */
    SIDE_EFFECT_SLOW,
    /** A foreign registry tells its steps one by one, with time between them. */
    STEP_HELD_BACK;

    private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

    @Override
    public String toString() {
        return words;
    }
}
