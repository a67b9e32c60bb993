package io.repowatch.service.bench;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** All rows by number. */
final class Rows {
    static final SortedMap<Integer, Function<Workshop, Row>> ALL = new TreeMap<>();

    static {
        ALL.put(1, ColdStart::compatible);
        ALL.put(2, ColdStart::multiplexed);
        ALL.put(3, ManyRepos::new);
        ALL.put(4, LiveLatency::new);
        ALL.put(5, Reconnect::new);
        ALL.put(6, SleepingHeap::new);
        ALL.put(7, DurableAppend::row);
        ALL.put(8, Replay::new);
        ALL.put(9, KeyOrder::new);
        ALL.put(10, LoadWhileLive::new);
        ALL.put(11, ShadowInit::new);
        ALL.put(12, StartOfServe::new);
        ALL.put(13, EngineAllocation::new);
    }

    private Rows() {}
}
