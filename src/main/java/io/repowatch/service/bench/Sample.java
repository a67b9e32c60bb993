package io.repowatch.service.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of one side in one round.
 *
 * @param figures by name, the unit in the name; in the order in which they are shown
 */
record Sample(Map<String, Double> figures) {
    Sample {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    static Sample of(String name, double value) {
        return new Sample(Map.of(name, value));
    }

    Sample and(String name, double value) {
        Map<String, Double> more = new LinkedHashMap<>(figures);
        more.put(name, value);
        return new Sample(more);
    }
}
