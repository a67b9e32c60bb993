package io.repowatch.engine;

import java.util.UUID;

/** Tells the engine that there may be news. It carries no event: the engine reads the stream to find out. */
public sealed interface Wakeup {

    /** Something may have been missed, or the subscription has just become effective: look at everything. */
    record All() implements Wakeup {}

    /** The streams of one entity may have news. */
    record Of(UUID entity) implements Wakeup {}

    /** The shared {@link All}. */
    Wakeup ALL = new All();

    /** A wake-up of one entity. */
    static Wakeup of(UUID entity) {
        return new Of(entity);
    }
}
