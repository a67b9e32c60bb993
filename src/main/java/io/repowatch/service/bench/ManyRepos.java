package io.repowatch.service.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Row 3: the cold start of row 2 for a hundredth, a tenth, and all of the repos, each with a registry of its own. The processes
 * get little heap, so that what they need shows.
 */
final class ManyRepos implements Row {
    private static final int REPOS = 1_000_000;
    private static final int EVENTS = 8;
    private static final String CPU = "CPU s, both";
    private static final String PER_REPO = "CPU µs/repo, both";
    private static final String OBSERVER_PEAK = "observer peak MiB";
    private static final String REGISTRY_PEAK = "registry peak MiB";
    private static final double MEBIBYTE = 1 << 20;
    private static final List<String> FLAGS = List.of("-Xmx1400m");

    private final Workshop workshop;
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Map<String, RegistryProcess> registries = new LinkedHashMap<>();
    private final List<String> sides;

    ManyRepos(Workshop workshop) {
        this.workshop = workshop;
        int most = workshop.repos(REPOS);
        for (int part : List.of(1, 10, 100)) {
            sizes.put(name(most / part), most / part);
        }
        this.sides = List.copyOf(sizes.keySet());
    }

    private static String name(int repos) {
        return repos + " repos";
    }

    @Override
    public int number() {
        return 3;
    }

    @Override
    public String title() {
        return "Cold start of many repos with " + EVENTS + " events, multiplexed reads";
    }

    @Override
    public List<String> sides() {
        return sides;
    }

    @Override
    public void prepare() throws Exception {
        for (Map.Entry<String, Integer> size : sizes.entrySet()) {
            registries.put(
                    size.getKey(),
                    RegistryProcess.start(workshop, size.getKey(), new Dataset(size.getValue(), EVENTS), FLAGS));
        }
    }

    @Override
    public Sample measure(String side) throws Exception {
        RegistryProcess registry = registries.get(side);
        double serverBefore = registry.process().cpu();
        long before = System.nanoTime();
        try (Child observer = registry.observer(FLAGS)) {
            observer.awaitLine("repowatch ready ");
            double seconds = (System.nanoTime() - before) / 1e9;
            double own = observer.cpu();
            double both = own + registry.process().cpu() - serverBefore;
            return Sample.of("seconds", seconds)
                    .and(CPU, both)
                    .and("of that the observer", own)
                    .and(PER_REPO, both / sizes.get(side) * 1e6)
                    .and(OBSERVER_PEAK, observer.peakMemory() / MEBIBYTE)
                    .and(REGISTRY_PEAK, registry.process().peakMemory() / MEBIBYTE);
        }
    }

    @Override
    public List<Goal> goals() {
        List<Goal> goals = new ArrayList<>();
        String most = sides.get(0);
        goals.add(Goal.atMost(60, "CPU s of both processes for " + most, most, CPU));
        goals.add(Goal.atMost(1.05, "CPU per repo, " + most + " beside " + sides.get(1), most, sides.get(1), PER_REPO));
        goals.add(Goal.atMost(
                1.05, "CPU per repo, " + sides.get(1) + " beside " + sides.get(2), sides.get(1), sides.get(2), PER_REPO));
        goals.add(Goal.atMost(2048, "peak MiB of the observer, " + most, most, OBSERVER_PEAK));
        goals.add(Goal.atMost(2048, "peak MiB of the registry, " + most, most, REGISTRY_PEAK));
        return goals;
    }

    @Override
    public String bound() {
        return "for each repo a random read of the store, two messages' share, eight events decoded and folded, one enable.";
    }

    @Override
    public void close() {
        registries.values().forEach(RegistryProcess::close);
    }
}
