package io.repowatch.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * When which repo is due. The moment of a repo within each interval is made of its id, so that nothing has to be remembered of the
 * repos but which of them were busy. Thread-safe.
 */
final class Agenda {
    /** What part of the interval a busy repo comes later. */
    private static final int RETRY = 16;

    private final long intervalMillis;
    private final RandomGenerator random;
    private final Map<UUID, Instant> deferred = new HashMap<>();
    private long seen;

    Agenda(Duration interval, Instant now, RandomGenerator random) {
        this.intervalMillis = interval.toMillis();
        this.random = random;
        this.seen = now.toEpochMilli();
    }

    /** The repos whose moment has come since the last call; each once, however long that is ago. */
    synchronized List<UUID> due(Instant now, RepoTable table) {
        long until = now.toEpochMilli();
        // A clock that was set back starts anew from there; one that was set far ahead passes all moments once.
        long from = Math.min(until, Math.max(seen, until - intervalMillis));
        seen = until;
        List<UUID> due = new ArrayList<>();
        table.forEachEnabled(repo -> {
            if (passes(repo, from, until)) {
                deferred.remove(repo);
                due.add(repo);
            }
        });
        due.sort((a, b) -> Long.compare(phase(a, from), phase(b, from)));
        Iterator<Map.Entry<UUID, Instant>> busy = deferred.entrySet().iterator();
        while (busy.hasNext()) {
            Map.Entry<UUID, Instant> next = busy.next();
            if (!next.getValue().isAfter(now)) {
                busy.remove();
                due.add(next.getKey());
            }
        }
        return due;
    }

    /** A busy repo comes again later, unless its next moment is earlier. */
    synchronized void defer(UUID repo, Instant now) {
        long pause = Math.max(1, intervalMillis / RETRY);
        deferred.put(repo, now.plusMillis(pause / 2 + random.nextLong(pause)));
    }

    private boolean passes(UUID repo, long from, long until) {
        return phase(repo, from) < until - from;
    }

    /** How long after {@code from} the next moment of the repo is, in milliseconds. */
    private long phase(UUID repo, long from) {
        return Math.floorMod(moment(repo) - from, intervalMillis);
    }

    // The bits of an id are not spread evenly in every version of ids; a multiplication mixes them.
    private long moment(UUID repo) {
        long mixed = (repo.getMostSignificantBits() * 31 + repo.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return Math.floorMod(mixed ^ (mixed >>> 32), intervalMillis);
    }
}
