package io.repowatch.service.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/** Row 13: what the engine itself allocates for a live event, and how many wake-ups one thread makes. */
final class EngineAllocation implements Row {
    private static final String ONE = "a wake-up for each event";
    private static final String BATCH = "a wake-up for 20 events";
    private static final String JMH_ONE = "JMH, a wake-up for each event";
    private static final String JMH_BATCH = "JMH, a wake-up for 20 events";
    private static final List<String> SIDES = List.of(ONE, BATCH, JMH_ONE, JMH_BATCH);
    private static final int EVENTS = 20;

    /** What the profile bench makes of a benchmark of JMH. */
    private static final String JMH = "META-INF/BenchmarkList";

    static final String BYTES = "bytes/event";
    static final int ACTIVITIES = 1_000;
    private static final int WARM_UP = 200_000;

    private final int wakeUps;

    EngineAllocation(Workshop workshop) {
        wakeUps = workshop.repos(1_000_000);
    }

    @Override
    public int number() {
        return 13;
    }

    @Override
    public String title() {
        return "allocation for each live event on the engine's own path, " + wakeUps + " events";
    }

    @Override
    public List<String> sides() {
        return SIDES;
    }

    @Override
    public Optional<String> missing(String side) {
        boolean jmh = side.equals(JMH_ONE) || side.equals(JMH_BATCH);
        return jmh && EngineAllocation.class.getClassLoader().getResource(JMH) == null
                ? Optional.of("what JMH runs is not there; build with -Pbench")
                : Optional.empty();
    }

    @Override
    public Sample measure(String side) {
        return switch (side) {
            case ONE -> counted(1);
            case BATCH -> counted(EVENTS);
            case JMH_ONE -> LiveEventBenchmark.measure(1);
            default -> LiveEventBenchmark.measure(EVENTS);
        };
    }

    private Sample counted(int batch) {
        int count = Math.max(1, wakeUps / batch);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (IdlePath path = new IdlePath(ACTIVITIES, batch)) {
            path.wake(WARM_UP / batch);
            long handled = path.handled();
            long bytes = threads.getCurrentThreadAllocatedBytes();
            long cpu = threads.getCurrentThreadCpuTime();
            path.wake(count);
            cpu = threads.getCurrentThreadCpuTime() - cpu;
            bytes = threads.getCurrentThreadAllocatedBytes() - bytes;
            double events = path.handled() - handled;
            return Sample.of(BYTES, bytes / events)
                    .and("wake-ups/CPU s", count * 1e9 / cpu)
                    .and("CPU ns/event", cpu / events);
        }
    }

    @Override
    public List<Goal> goals() {
        return SIDES.stream()
                .map(side -> Goal.atMost(200, "bytes for an event, " + side, side, BYTES))
                .toList();
    }

    @Override
    public String bound() {
        return "the objects of a turn: the turn itself (64), the position that the read starts from (32), the entry in the ready"
                + " queue (24), what returns the permit and what an event's success means; source, Scheduler and activity of this row"
                + " make none";
    }
}
