package io.repowatch.service.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Row 13: what the engine itself allocates for a live event, and how many wake-ups one thread makes. */
final class EngineAllocation implements Row {
    private static final String ONE = "a wake-up for each event";
    private static final String BATCH = "a wake-up for 20 events";
    private static final String BYTES = "bytes/event";
    private static final int ACTIVITIES = 1_000;
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
        return List.of(ONE, BATCH);
    }

    @Override
    public Sample measure(String side) {
        int batch = side.equals(ONE) ? 1 : 20;
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
        return List.of(
                Goal.atMost(200, "bytes for an event with a wake-up of its own", ONE, BYTES),
                Goal.atMost(200, "bytes for an event of a batch", BATCH, BYTES));
    }

    @Override
    public String bound() {
        return "the objects of a turn: the turn itself (64), the position that the read starts from (32), the entry in the ready"
                + " queue (24), what returns the permit and what an event's success means; source, Scheduler and activity of this row"
                + " make none";
    }
}
