package io.repowatch.service.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Row 10: many repos are loaded while events arrive for others. */
final class LoadWhileLive implements Row {
    private static final String BOTH = "load with events";
    private static final String LOAD = "load alone";
    private static final String LIVE = "events alone";
    private static final String SECONDS = "seconds";
    private static final String P99 = "p99 ms";
    private static final int RATE = 1_000;
    private static final int EVENTS = 8;

    private final Workshop workshop;
    private final int load;
    private final int live;
    private @Nullable Child process;

    LoadWhileLive(Workshop workshop) {
        this.workshop = workshop;
        load = workshop.repos(100_000);
        live = Math.max(1, load / 10);
    }

    @Override
    public int number() {
        return 10;
    }

    @Override
    public String title() {
        return "initial load of " + load + " repos while " + RATE + " events/s arrive for " + live + " others";
    }

    @Override
    public List<String> sides() {
        return List.of(BOTH, LOAD, LIVE);
    }

    @Override
    public void prepare() throws IOException {
        workshop.say("making the data");
        Path data = workshop.folder("load");
        new Dataset(live + load, EVENTS).fill(data);
        process = Child.start(
                workshop.log(),
                List.of("-Xmx2g"),
                LoadProcess.class.getName(),
                List.of(data.toString(), "" + live, "" + load));
        process.awaitLine("ready");
    }

    @Override
    public Sample measure(String side) throws IOException {
        if (process == null) {
            throw new IllegalStateException("not prepared");
        }
        process.say(side.equals(LIVE) ? "live " + RATE : "load " + (side.equals(LOAD) ? 0 : RATE));
        String line = process.awaitLine("figures");
        Sample seconds = Sample.of(SECONDS, LiveLatency.figure(line, "seconds"));
        return side.equals(LOAD)
                ? seconds
                : seconds.and("events", LiveLatency.figure(line, "events"))
                        .and("p50 ms", LiveLatency.figure(line, "p50"))
                        .and(P99, LiveLatency.figure(line, "p99"))
                        .and("longest ms", LiveLatency.figure(line, "max"));
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                Goal.atMost(1.5, "time of the load with events beside alone", BOTH, LOAD, SECONDS),
                Goal.reported("p99 with the load beside without", BOTH, LIVE, P99));
    }

    @Override
    public String bound() {
        return "the processors: load and events, registry and observer share them. How long a woken activity waits for loading"
                + " turns is asserted in virtual time by LoadWhileLiveTest.";
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
