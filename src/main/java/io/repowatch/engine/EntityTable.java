package io.repowatch.engine;

import io.repowatch.id.CompactMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The activities by entity: open addressing with linear probing, one slot for each activity, several activities of one
 * entity in one probe sequence. A map with node objects would cost more than the rest of a sleeping activity.
 *
 * <p>Wake-ups read without a lock while others write. A reader that works on an array that has just been replaced misses
 * only activities that were added meanwhile, and those read their stream after having been added.
 */
final class EntityTable {
    private static final Object GONE = new Object();
    private static final int SMALLEST = 16;

    private volatile AtomicReferenceArray<@Nullable Object> slots = new AtomicReferenceArray<>(SMALLEST);
    private int size;
    private int used;

    synchronized int size() {
        return size;
    }

    /** Adds the task; false if it is {@link Task#exclusive} and another such task has the same key. */
    synchronized boolean add(Task<?> task) {
        if (task.exclusive() && holdsExclusive(task.key)) {
            return false;
        }
        if ((used + 1) * 4L > slots.length() * 3L) {
            rehash();
        }
        insert(slots, task);
        used++;
        size++;
        return true;
    }

    private boolean holdsExclusive(StreamKey<?> key) {
        AtomicReferenceArray<@Nullable Object> array = slots;
        for (int i = home(key.entity(), array); ; i = after(i, array)) {
            Object found = array.get(i);
            if (found == null) {
                return false;
            }
            if (found instanceof Task<?> other && other.exclusive() && other.key.equals(key)) {
                return true;
            }
        }
    }

    /** Takes the task out, if it is in. */
    synchronized void remove(Task<?> task) {
        AtomicReferenceArray<@Nullable Object> array = slots;
        for (int i = home(task.key.entity(), array); ; i = after(i, array)) {
            Object found = array.get(i);
            if (found == null) {
                return;
            }
            if (found == task) {
                // A reader may be on its way past this slot, so nothing behind it may move into it.
                array.set(i, GONE);
                size--;
                return;
            }
        }
    }

    void forEach(UUID entity, Consumer<Task<?>> action) {
        AtomicReferenceArray<@Nullable Object> array = slots;
        for (int i = home(entity, array); ; i = after(i, array)) {
            Object found = array.get(i);
            if (found == null) {
                return;
            }
            if (found instanceof Task<?> task && task.key.entity().equals(entity)) {
                action.accept(task);
            }
        }
    }

    void forEach(Consumer<Task<?>> action) {
        AtomicReferenceArray<@Nullable Object> array = slots;
        for (int i = 0; i < array.length(); i++) {
            if (array.get(i) instanceof Task<?> task) {
                action.accept(task);
            }
        }
    }

    private void rehash() {
        // No power of two: a table that doubles is half empty in the mean.
        int length = (int) ((size + 1) * 5L / 3);
        AtomicReferenceArray<@Nullable Object> fresh = new AtomicReferenceArray<>(Math.max(SMALLEST, length));
        forEach(task -> insert(fresh, task));
        used = size;
        slots = fresh;
    }

    private static void insert(AtomicReferenceArray<@Nullable Object> array, Task<?> task) {
        int i = home(task.key.entity(), array);
        while (array.get(i) != null) {
            i = after(i, array);
        }
        array.set(i, task);
    }

    private static int home(UUID entity, AtomicReferenceArray<?> array) {
        return CompactMap.place(entity, array.length());
    }

    private static int after(int i, AtomicReferenceArray<?> array) {
        return i + 1 == array.length() ? 0 : i + 1;
    }
}
