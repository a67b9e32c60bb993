package io.repowatch.observer;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps one copy of texts that are the same in most histories (registry, host, creator), so that a million sleeping repos do
 * not hold a million copies. Bounded: texts beyond the limit are returned as they are. Thread-safe.
 */
final class SharedTexts {
    private static final int LIMIT = 10_000;

    private final ConcurrentMap<String, String> texts = new ConcurrentHashMap<>();

    String share(String text) {
        if (text.isEmpty()) {
            return "";
        }
        String known = texts.get(text);
        if (known != null) {
            return known;
        }
        if (texts.size() >= LIMIT) {
            return text;
        }
        String raced = texts.putIfAbsent(text, text);
        return raced == null ? text : raced;
    }
}
