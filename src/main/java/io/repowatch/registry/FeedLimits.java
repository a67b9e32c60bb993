package io.repowatch.registry;

/**
 * Bounds of the feed service. Immutable.
 *
 * @param mergedChanges how many changes one message of the change feed stands for at most, at least 1; default 1,024
 * @param oldestPosition how many appends a position may lie back; beyond that the client looks at everything, which is then
 *     cheaper for both. At least 1; default 1,000,000
 * @param reads how many reads of one call may be open, at least 1; default 256
 * @param readEvents how many events of one read are held at most when there are many reads, at least 1; default 64. Few reads
 *     may hold more, {@value #SHARED_EVENTS} together and {@value #MOST_EVENTS} each
 * @param heldBytes how many bytes of events one call may hold before its reads wait for the client, at least 1; what reads
 *     that were under way still bring comes on top. Default 4 MiB
 * @param messageBytes at which size a message of reads is sent and the next one begun, at least 1; default 64 KiB
 */
record FeedLimits(int mergedChanges, long oldestPosition, int reads, int readEvents, long heldBytes, int messageBytes) {
    static final FeedLimits DEFAULTS = new FeedLimits(1024, 1_000_000, 256, 64, 4L << 20, 64 << 10);

    private static final int SHARED_EVENTS = 8192;
    private static final int MOST_EVENTS = 1024;

    /** How many events one of so many reads holds at most: a long read is cheaper in large parts. */
    int readEvents(int open) {
        return Math.max(readEvents, Math.min(MOST_EVENTS, SHARED_EVENTS / Math.max(1, open)));
    }

    FeedLimits withOldestPosition(long value) {
        return new FeedLimits(mergedChanges, value, reads, readEvents, heldBytes, messageBytes);
    }

    FeedLimits withReads(int value) {
        return new FeedLimits(mergedChanges, oldestPosition, value, readEvents, heldBytes, messageBytes);
    }

    FeedLimits withHeldBytes(long value) {
        return new FeedLimits(mergedChanges, oldestPosition, reads, readEvents, value, messageBytes);
    }
}
