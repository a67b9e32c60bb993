package io.repowatch.service.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Row 9: many events, each with some work, in order for each key, so many at a time. The engine follows one stream per key.
 * Confluent's parallel consumer, ordered by key, polls one partition of a consumer in memory. The work is the same code, on threads
 * that may block.
 */
final class KeyOrder implements Row {
    static final String OURS = "engine, 100 at a time";
    static final String PARALLEL = "parallel-consumer, 100 at a time";
    static final String DEFAULT = "parallel-consumer, its default of 16 at a time";

    static final String POOL = "100 threads and nothing else";

    private static final int EVENTS = 10_000;
    private static final int IN_FLIGHT = 100;
    private static final List<Integer> KEYS = List.of(1, 10, 100, 1000, 10_000);
    private static final String CONSUMER = "io.confluent.parallelconsumer.ParallelConsumerOptions";

    /** How far ours may be from what the work allows. */
    private static final double LIMIT = 1.10;

    private final int events;

    KeyOrder(Workshop workshop) {
        this.events = workshop.repos(EVENTS);
    }

    @Override
    public int number() {
        return 9;
    }

    @Override
    public String title() {
        return "Order per key, " + events + " events with 0-5 ms of work: time / max(longest key, total / in flight)";
    }

    @Override
    public List<String> sides() {
        return List.of(OURS, PARALLEL, DEFAULT, POOL);
    }

    @Override
    public Optional<String> missing(String side) {
        if (side.equals(OURS) || side.equals(POOL)) {
            return Optional.empty();
        }
        try {
            Class.forName(CONSUMER, false, KeyOrder.class.getClassLoader());
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of("parallel-consumer-core is not on the class path");
        }
    }

    private static String times(int keys) {
        return String.format(Locale.ROOT, "%,d key%s, times the bound", keys, keys == 1 ? "" : "s");
    }

    private List<Integer> keys() {
        return KEYS.stream().filter(keys -> keys <= events).toList();
    }

    @Override
    public Sample measure(String side) throws Exception {
        Map<String, Double> figures = new LinkedHashMap<>();
        double cpuBefore = ProcessorTime.own();
        for (int keys : keys()) {
            KeyedWork work = new KeyedWork(events, keys);
            double seconds = switch (side) {
                case OURS -> EngineOrder.seconds(work, IN_FLIGHT);
                case POOL -> PoolOrder.seconds(work, IN_FLIGHT);
                case PARALLEL -> ParallelConsumerOrder.seconds(work, IN_FLIGHT);
                default -> ParallelConsumerOrder.seconds(work, ParallelConsumerOrder.DEFAULT);
            };
            int inFlight = side.equals(DEFAULT) ? ParallelConsumerOrder.DEFAULT : IN_FLIGHT;
            figures.put(times(keys), seconds / work.bound(inFlight));
        }
        figures.put("CPU µs/event", (ProcessorTime.own() - cpuBefore) / events / keys().size() * 1e6);
        return new Sample(figures);
    }

    @Override
    public List<Goal> goals() {
        return keys().stream()
                .map(keys -> Goal.atMost(LIMIT, times(keys), OURS, times(keys)))
                .toList();
    }

    @Override
    public String bound() {
        return "what the last side takes is the machine's share, the rest is the engine's; and the last work of all begins"
                + " only when a permit comes back: with 1,000 keys a turn of 8 events is 20 ms long, so the permits do not"
                + " all end together.";
    }
}
