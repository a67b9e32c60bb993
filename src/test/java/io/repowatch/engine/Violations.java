package io.repowatch.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a simulation has seen that the engine guarantees not to happen, by guarantee. */
final class Violations {
    private final Map<Integer, List<String>> found = new TreeMap<>();
    private final String where;

    Violations(long seed) {
        this.where = "seed " + seed + ": ";
    }

    void add(int guarantee, String what) {
        found.computeIfAbsent(guarantee, g -> new ArrayList<>()).add(where + what);
    }

    List<String> of(int guarantee) {
        return found.getOrDefault(guarantee, List.of());
    }

    @Override
    public String toString() {
        return found.toString();
    }
}
