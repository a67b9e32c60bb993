package io.repowatch.observer;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Numbers values that are the same in most histories (creators, folders, forms), so that a million sleeping repos hold small
 * numbers instead of a million copies. Bounded: values beyond the limit get no number. Thread-safe.
 */
final class Shared<T> {
    /** Instead of a number. */
    static final int NO_ROOM = -1;

    private static final int LIMIT = 10_000;

    private final ConcurrentMap<T, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable T> values = new AtomicReferenceArray<>(LIMIT);

    /** The number of a value, from 0, the same each time; {@link #NO_ROOM} if it has none. */
    int number(T value) {
        Integer known = numbers.get(value);
        return known == null ? add(value) : known;
    }

    private synchronized int add(T value) {
        Integer raced = numbers.get(value);
        if (raced != null) {
            return raced;
        }
        int next = numbers.size();
        if (next == LIMIT) {
            return NO_ROOM;
        }
        values.set(next, value);
        numbers.put(value, next);
        return next;
    }

    /** The value that got this number. */
    T value(int number) {
        return Objects.requireNonNull(values.get(number), "no value has this number");
    }
}
