package io.repowatch.journal;

/**
 * What an {@link EmbeddedJournal} has written since it was opened. For metrics; the numbers are read one after the other.
 *
 * @param appends the appends that were acknowledged or are about to be
 * @param syncs the syncs that made them durable
 * @param bytes about how many bytes their events took
 */
public record JournalStats(long appends, long syncs, long bytes) {}
