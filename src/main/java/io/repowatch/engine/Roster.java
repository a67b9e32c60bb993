package io.repowatch.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The activities of one class in the order in which they started, with two cursors over them: one finds those that have
 * never run, the other goes round and round to re-check sleepers. So neither a start of a million activities nor a look at
 * all of them needs a million queue entries. Thread-safe; every operation but the rare compaction takes constant time.
 */
final class Roster {
    private @Nullable Task<?>[] slots = new Task<?>[16];
    private int end;
    private int size;
    private int fresh;
    private int cursor;
    private int owed;

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
        if (owed > 0) {
            // The way round has become longer: without this the last task of the pass would be missed.
            owed++;
        }
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

    /** From here once round: every task that is in now will be returned by {@link #nextOwed} once more. */
    synchronized void oweAll() {
        owed = size;
    }

    /** So many more tasks will be returned by {@link #nextOwed}, but no more than once round. */
    synchronized void owe(int count) {
        owed = Math.min(size, owed + count);
    }

    synchronized @Nullable Task<?> nextOwed() {
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

    private void makeRoom() {
        if (size > end / 2) {
            slots = Arrays.copyOf(slots, slots.length + (slots.length >> 1));
            return;
        }
        int freshAfter = 0;
        int cursorAfter = 0;
        int target = 0;
        for (int i = 0; i < end; i++) {
            Task<?> task = slots[i];
            if (i == fresh) {
                freshAfter = target;
            }
            if (i == cursor) {
                cursorAfter = target;
            }
            if (task != null) {
                task.slot = target;
                slots[target++] = task;
            }
        }
        fresh = fresh >= end ? target : freshAfter;
        cursor = cursor >= end ? target : cursorAfter;
        Arrays.fill(slots, target, end, null);
        end = target;
    }
}
