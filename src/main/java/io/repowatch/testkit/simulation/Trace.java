package io.repowatch.testkit.simulation;

import io.repowatch.id.Vid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/** What happened, line by line, with short names for ids; and what was wrong with it. */
final class Trace {
    private static final long PRIME = 0x100000001B3L;

    private final LongSupplier nanos;
    private final boolean recording;
    private final List<String> lines = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<UUID, String> names = new HashMap<>();
    private long hash = 0xCBF29CE484222325L;

    /** @param recording whether lines are kept; the hash covers them in any case */
    Trace(LongSupplier nanos, boolean recording) {
        this.nanos = nanos;
        this.recording = recording;
    }

    /** Gives an id a name that people can follow. */
    void name(UUID id, String name) {
        names.put(id, name);
    }

    String name(UUID id) {
        return names.computeIfAbsent(id, each -> "#" + (names.size() + 1));
    }

    void add(String actor, String what) {
        String line = String.format(Locale.ROOT, "%s  %-10s %s", time(), actor, what);
        for (int i = 0; i < line.length(); i++) {
            hash = (hash ^ line.charAt(i)) * PRIME;
        }
        if (recording) {
            lines.add(line);
        }
    }

    /** Something happened that must never happen. */
    void violation(String rule, String what) {
        String line = rule + ": " + what;
        add("VIOLATION", line);
        violations.add("at " + time().strip() + " s " + line);
    }

    private String time() {
        long now = nanos.getAsLong();
        StringBuilder text = new StringBuilder(18).append(now / 1_000_000_000).append('.');
        String fraction = Long.toString(1_000_000_000 + now % 1_000_000_000);
        text.append(fraction, 1, 7);
        return " ".repeat(Math.max(0, 13 - text.length())) + text;
    }

    String tail(Vid vid) {
        return vid.isEpoch() ? "epoch" : vid.toString();
    }

    List<String> lines() {
        return lines;
    }

    List<String> violations() {
        return violations;
    }

    long hash() {
        return hash;
    }
}
