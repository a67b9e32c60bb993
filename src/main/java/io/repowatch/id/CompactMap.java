package io.repowatch.id;

import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map of a great many values that know their own keys, in one bare array: open addressing with linear probing. It takes 5 to
 * 7 bytes for each value, where a map with node objects takes more than 40. Not thread-safe.
 *
 * @param <K> the type of the keys, which are values
 * @param <V> the type of the values
 */
public final class CompactMap<K, V> {
    private static final int SMALLEST = 4;

    private final Function<? super V, K> keyOf;
    private final Function<? super K, UUID> idOf;
    private @Nullable Object[] slots = new Object[SMALLEST];
    private int size;

    /**
     * Makes an empty map.
     *
     * @param keyOf the key of a value, always the same
     * @param idOf the id by which a key is placed; many different keys should not have the same
     */
    public CompactMap(Function<? super V, K> keyOf, Function<? super K, UUID> idOf) {
        this.keyOf = keyOf;
        this.idOf = idOf;
    }

    /** Where to look first for {@code id} in an array of this length. */
    public static int place(UUID id, int length) {
        // The product spreads the hash over its high bits; they are scaled to the length, which may be any.
        long hash = id.hashCode() * 0x9E3779B9 & 0xFFFF_FFFFL;
        return (int) (hash * length >>> Integer.SIZE);
    }

    /** The number of values. */
    public int size() {
        return size;
    }

    /** The value with this key, null if there is none. */
    public @Nullable V get(K key) {
        return value(find(key));
    }

    /** Puts the value in the place of the one with the same key, if there is one, and returns that. */
    public @Nullable V put(V value) {
        int slot = find(keyOf.apply(value));
        V before = value(slot);
        if (before == null && (size + 1) * 4L > slots.length * 3L) {
            grow();
            slot = find(keyOf.apply(value));
        }
        slots[slot] = value;
        size += before == null ? 1 : 0;
        return before;
    }

    /** Takes the value with this key out and returns it, null if there is none. */
    public @Nullable V remove(K key) {
        int slot = find(key);
        V before = value(slot);
        if (before != null) {
            slots[slot] = null;
            size--;
            closeGap(slot);
        }
        return before;
    }

    /** Hands over all values, in no particular order; {@code action} must leave the map alone. */
    public void forEach(Consumer<? super V> action) {
        for (int slot = 0; slot < slots.length; slot++) {
            V value = value(slot);
            if (value != null) {
                action.accept(value);
            }
        }
    }

    /** Takes all values out. */
    public void clear() {
        slots = new Object[SMALLEST];
        size = 0;
    }

    @SuppressWarnings("unchecked") // only put() stores
    private @Nullable V value(int slot) {
        return (V) slots[slot];
    }

    /** The slot of the value with this key, or the free one where it belongs. */
    private int find(K key) {
        int slot = place(idOf.apply(key), slots.length);
        while (true) {
            V found = value(slot);
            if (found == null || keyOf.apply(found).equals(key)) {
                return slot;
            }
            slot = after(slot);
        }
    }

    private int after(int slot) {
        return slot + 1 == slots.length ? 0 : slot + 1;
    }

    /** By a third only: a table that doubles is half empty in the mean. */
    private void grow() {
        @Nullable Object[] old = slots;
        slots = new Object[old.length + old.length / 3 + 1];
        for (Object each : old) {
            move(each);
        }
    }

    /** Moves up those behind a freed slot that would not be found any more. */
    private void closeGap(int freed) {
        for (int slot = after(freed); slots[slot] != null; slot = after(slot)) {
            Object each = slots[slot];
            slots[slot] = null;
            move(each);
        }
    }

    @SuppressWarnings("unchecked") // only put() stores
    private void move(@Nullable Object value) {
        if (value != null) {
            slots[find(keyOf.apply((V) value))] = value;
        }
    }
}
