package io.repowatch.service.bench;

import java.util.List;
import java.util.Optional;

/**
 * One row of the table: something of ours, and what it is measured beside. Used by one thread: {@link #prepare}, then the sides
 * in turn, round after round, then {@link #close}. All of it may block.
 */
interface Row extends AutoCloseable {
    int number();

    String title();

    /** Whoever is measured, ours first. */
    List<String> sides();

    /** Why a side cannot be measured here; empty if it can. Asked after {@link #prepare}. */
    default Optional<String> missing(String side) {
        return Optional.empty();
    }

    /** Makes what the rounds need and what is not measured. */
    default void prepare() throws Exception {}

    /** Measures a side once; the first time does not count. Every sample of a side has the same figures. */
    Sample measure(String side) throws Exception;

    /** What the figures are held against. */
    List<Goal> goals();

    /** What limits the figures, in a sentence or two; printed below them. */
    String bound();

    /** Removes what was made and ends what was started. */
    @Override
    default void close() throws Exception {}
}
