package io.repowatch.registry;

/**
 * When the index of a registry's workflows is repeated as a snapshot, where readers may begin. A snapshot is written when both
 * limits are reached.
 *
 * @param atLeast how many events there have to be since the last one; fewer are read again faster than they are written again
 * @param perWorkflow how many events it has to replace for each workflow that it repeats
 */
public record IndexSnapshots(int atLeast, int perWorkflow) {
    /** From 1,000 events on, where it is no longer than a 300th part of them. */
    public static final IndexSnapshots DEFAULT = new IndexSnapshots(1000, 300);

    boolean wants(IndexState index) {
        return index.events() >= atLeast
                && index.events() > perWorkflow * (1L + index.entries().size());
    }
}
