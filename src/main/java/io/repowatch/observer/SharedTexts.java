package io.repowatch.observer;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Numbers texts that are the same in most histories (registry, host, creator), so that a million sleeping repos hold small
 * numbers instead of a million copies. Bounded: texts beyond the limit get no number. Thread-safe.
 */
final class SharedTexts {
    /** Instead of a number. */
    static final int NO_ROOM = -1;

    private static final int LIMIT = 10_000;

    private final ConcurrentMap<String, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable String> texts = new AtomicReferenceArray<>(LIMIT);

    /** The number of a text, from 0, the same each time; {@link #NO_ROOM} if it has none. */
    int number(String text) {
        Integer known = numbers.get(text);
        return known == null ? add(text) : known;
    }

    private synchronized int add(String text) {
        Integer raced = numbers.get(text);
        if (raced != null) {
            return raced;
        }
        int next = numbers.size();
        if (next == LIMIT) {
            return NO_ROOM;
        }
        texts.set(next, text);
        numbers.put(text, next);
        return next;
    }

    /** The text that got this number. */
    String text(int number) {
        return Objects.requireNonNull(texts.get(number), "no text has this number");
    }
}
