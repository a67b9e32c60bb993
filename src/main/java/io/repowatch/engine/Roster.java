package io.repowatch.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The activities of one class in the order in which they started, with cursors over them: one finds those that have never
 * run, the others go round and round to look at sleepers again. So neither a start of a million activities nor a look at all
 * of them needs a million queue entries. Thread-safe; every operation but the rare compaction takes constant time.
 */
final class Roster {
    /** After an All. */
    final Round recheck = new Round();

    /** For the sweep. */
    final Round sweep = new Round();

    private @Nullable Task<?>[] slots = new Task<?>[16];
    private int end;
    private int size;
    private int fresh;

    synchronized int size() {
        return size;
    }

    synchronized void add(Task<?> task) {
        if (end == slots.length) {
            makeRoom();
        }
        task.slot = end;
        slots[end++] = task;
        size++;
        recheck.lengthen();
        sweep.lengthen();
    }

    synchronized void remove(Task<?> task) {
        if (task.slot >= 0) {
            slots[task.slot] = null;
            task.slot = -1;
            size--;
        }
    }

    /** The next task that this method has not returned yet. */
    synchronized @Nullable Task<?> nextFresh() {
        while (fresh < end) {
            Task<?> task = slots[fresh++];
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    private void makeRoom() {
        if (size > end / 2) {
            slots = Arrays.copyOf(slots, slots.length + (slots.length >> 1));
            return;
        }
        int[] place = new int[end + 1];
        int target = 0;
        for (int i = 0; i < end; i++) {
            place[i] = target;
            Task<?> task = slots[i];
            if (task != null) {
                task.slot = target;
                slots[target++] = task;
            }
        }
        place[end] = target;
        fresh = place[fresh];
        recheck.cursor = place[recheck.cursor];
        sweep.cursor = place[sweep.cursor];
        Arrays.fill(slots, target, end, null);
        end = target;
    }

    /** A cursor that goes round, and how many tasks it has still to return. */
    final class Round {
        private int cursor;
        private int owed;

        /** Every task that is in now will be returned once more, from here once round. */
        void oweAll() {
            synchronized (Roster.this) {
                owed = size;
            }
        }

        /** So many more tasks will be returned, but no more than once round. */
        void owe(int count) {
            synchronized (Roster.this) {
                owed = Math.min(size, owed + count);
            }
        }

        @Nullable
        Task<?> next() {
            synchronized (Roster.this) {
                while (owed > 0 && size > 0) {
                    if (cursor >= end) {
                        cursor = 0;
                    }
                    Task<?> task = slots[cursor++];
                    if (task != null) {
                        owed--;
                        return task;
                    }
                }
                owed = 0;
                return null;
            }
        }

        /** The way round has become longer by a task: without this the last one would be missed. */
        private void lengthen() {
            if (owed > 0) {
                owed++;
            }
        }
    }
}
