package io.repowatch.service.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Row 4: from the acknowledgement of an append until the activity has handled the event, at an even rate. */
final class LiveLatency implements Row {
    private static final String BARE = "bare gRPC stream";
    private static final String P50 = "p50 ms";
    private static final String P99 = "p99 ms";
    private static final String CPU = "CPU µs/event";
    private static final int RATE = 2_000;
    private static final int SECONDS = 10;
    private static final int EVENTS = 8;

    private final Workshop workshop;
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Map<String, Child> processes = new LinkedHashMap<>();
    private final String smallest;
    private final String largest;

    LiveLatency(Workshop workshop) {
        this.workshop = workshop;
        int most = workshop.repos(1_000_000);
        for (int size = Math.max(1, most / 100); size <= most; size *= 10) {
            sizes.put(size + " repos", size);
        }
        List<String> names = List.copyOf(sizes.keySet());
        smallest = names.get(0);
        largest = names.get(names.size() - 1);
    }

    @Override
    public int number() {
        return 4;
    }

    @Override
    public String title() {
        return "live latency, append acknowledged to event handled, " + RATE + " events/s";
    }

    @Override
    public List<String> sides() {
        List<String> sides = new ArrayList<>(sizes.keySet());
        sides.add(BARE);
        return sides;
    }

    @Override
    public void prepare() throws IOException {
        for (Map.Entry<String, Integer> size : sizes.entrySet()) {
            workshop.say("making the data of " + size.getKey() + " and loading them");
            Path data = workshop.folder("live-" + size.getValue());
            new Dataset(size.getValue(), EVENTS).fill(data);
            Child process = Child.start(
                    workshop.log(),
                    List.of("-Xmx2g"),
                    LiveProcess.class.getName(),
                    List.of(data.toString(), "" + size.getValue()));
            processes.put(size.getKey(), process);
            process.awaitLine("ready");
        }
    }

    @Override
    public Sample measure(String side) throws IOException {
        Child process = processes.get(side.equals(BARE) ? smallest : side);
        if (process == null) {
            throw new IllegalStateException("not prepared");
        }
        process.say((side.equals(BARE) ? "bare " : "live ") + RATE + " " + SECONDS);
        String line = process.awaitLine("figures");
        return Sample.of(P50, figure(line, "p50"))
                .and(P99, figure(line, "p99"))
                .and("longest ms", figure(line, "max"))
                .and(CPU, figure(line, "cpu"));
    }

    /** The number behind {@code name=} in the answer of a process. */
    static double figure(String line, String name) {
        for (String word : line.split(" ")) {
            if (word.startsWith(name + "=")) {
                return Double.parseDouble(word.substring(name.length() + 1));
            }
        }
        throw new IllegalArgumentException("no " + name + " in: " + line);
    }

    @Override
    public List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        sizes.keySet()
                .forEach(side ->
                        goals.add(Goal.atMost(3, "p99 of " + side + " beside the bare stream", side, BARE, P99)));
        goals.add(Goal.atMost(1.2, "CPU for each event, " + largest + " beside " + smallest, largest, smallest, CPU));
        goals.add(Goal.atMost(1.5, "p50, " + largest + " beside " + smallest, largest, smallest, P50));
        return goals;
    }

    @Override
    public String bound() {
        return "after the acknowledgement an event comes with one message over the feed, as on the bare stream, and then goes through"
                + " a turn of the engine. Journal, server, client and sender share the process and its processors.";
    }

    @Override
    public void close() {
        processes.values().forEach(Child::close);
    }
}
