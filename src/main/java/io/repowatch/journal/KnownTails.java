package io.repowatch.journal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ends of the streams that were appended to last, so that they need not be looked up for the next append; a bounded number.
 * Only durable ends, and nobody else writes, so they are those of the store. Used by the writer thread alone.
 */
final class KnownTails {
    private static final int MOST = 4096;

    private final LinkedHashMap<StreamId, Tail> tails = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Tail> eldest) {
            return size() > MOST;
        }
    };

    @Nullable
    Tail get(StreamId stream) {
        return tails.get(stream);
    }

    void putAll(Map<StreamId, Tail> durable) {
        tails.putAll(durable);
    }
}
