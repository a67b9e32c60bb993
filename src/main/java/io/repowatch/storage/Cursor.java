package io.repowatch.storage;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Something long that is read piece by piece, with files of the shadow repo open in between. Used by one thread at a time, not
 * always the same. Blocks.
 */
interface Cursor<T> extends AutoCloseable {

    /** Opens a cursor. What it reads ends with a CancellationException soon after {@code stopped}. */
    interface Opener<T> {
        Cursor<T> open(BooleanSupplier stopped) throws Exception;
    }

    /**
     * Hands at most {@code max} further items over; fewer, or none, where finding more takes long, so that others get the worker
     * meanwhile. Returns false at the end.
     */
    boolean read(int max, Consumer<? super T> items) throws Exception;

    @Override
    void close();
}
