package io.repowatch.service.bench;

import java.io.IOException;
import java.util.List;

/** Row 6: the heap of a sleeping repo, beside what one would keep without the engine. Each side in a process of its own. */
final class SleepingHeap implements Row {
    static final String OBSERVER = "engine and observer";
    static final String SINKS = "a Reactor sink and its operators each";
    static final String STREAMS = "a gRPC stream each, client only";
    private static final String BYTES = "bytes/repo";
    private static final int REPOS = 1_000_000;

    /** A million of the others do not fit, or take minutes; the bytes of each are the same. */
    private static final int FEWER_SINKS = 10;

    private static final int FEWER_STREAMS = 50;

    private final Workshop workshop;
    private final int repos;

    SleepingHeap(Workshop workshop) {
        this.workshop = workshop;
        repos = workshop.repos(REPOS);
    }

    @Override
    public int number() {
        return 6;
    }

    @Override
    public String title() {
        return "heap of a sleeping repo, tables included: " + repos + " repos, " + count(SINKS) + " sinks, " + count(STREAMS)
                + " gRPC streams";
    }

    private int count(String side) {
        return switch (side) {
            case SINKS -> Math.max(1_000, repos / FEWER_SINKS);
            case STREAMS -> Math.max(1_000, repos / FEWER_STREAMS);
            default -> repos;
        };
    }

    @Override
    public List<String> sides() {
        return List.of(OBSERVER, SINKS, STREAMS);
    }

    @Override
    public Sample measure(String side) throws IOException {
        try (Child server = Child.start(
                        workshop.log(), List.of(), SleeperProcess.class.getName(), List.of(SleeperProcess.SERVER));
                Child client = Child.start(
                        workshop.log(),
                        List.of("-Xmx3g"),
                        SleeperProcess.class.getName(),
                        List.of(side, "" + count(side), server.awaitLine("ready ").replaceAll(".*port=", "")))) {
            String line = client.awaitLine("figures");
            return Sample.of(BYTES, LiveLatency.figure(line, "bytes"))
                    .and("CPU s", client.cpu())
                    .and("peak MiB", client.peakMemory() / (1 << 20));
        }
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                Goal.atMost(200, "bytes for each sleeping repo", OBSERVER, BYTES),
                Goal.reported("beside a sink each", OBSERVER, SINKS, BYTES),
                Goal.reported("beside a gRPC stream each", OBSERVER, STREAMS, BYTES));
    }

    @Override
    public String bound() {
        return "the objects of a repo: the task with its tail (64), the activity (32), the key (32), the state as bytes (about 40), and"
                + " four tables of references (about 23); less only if the state is read again for each event.";
    }
}
