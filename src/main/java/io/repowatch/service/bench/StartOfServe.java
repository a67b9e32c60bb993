package io.repowatch.service.bench;

import java.nio.file.Path;
import java.util.List;

/** Row 12: from the start of {@code repowatch serve} on existing data until it is ready: gRPC serves, all repos are settled. */
final class StartOfServe implements Row {
    private static final String SERVE = "serve";
    private static final int REPOS = 100_000;
    private static final int EVENTS = 8;

    private final Workshop workshop;
    private final int repos;

    StartOfServe(Workshop workshop) {
        this.workshop = workshop;
        this.repos = workshop.repos(REPOS);
    }

    @Override
    public int number() {
        return 12;
    }

    @Override
    public String title() {
        return "Start of serve on existing data, " + repos + " repos with " + EVENTS + " events";
    }

    @Override
    public List<String> sides() {
        return List.of(SERVE);
    }

    @Override
    public void prepare() throws Exception {
        workshop.folder("files");
        new Dataset(repos, EVENTS).fill(workshop.folder("data"));
    }

    @Override
    public Sample measure(String side) throws Exception {
        Path top = workshop.directory();
        long before = System.nanoTime();
        try (Child serve = Child.repowatch(
                workshop.log(),
                List.of(),
                "serve",
                top.resolve("files").toString(),
                "--data",
                top.resolve("data").toString(),
                "--shadow-root-alt",
                Dataset.SHADOWS,
                "--registry",
                Dataset.REGISTRY,
                "--grpc",
                "127.0.0.1:0",
                "--http",
                "127.0.0.1:0")) {
            String ready = serve.awaitLine("repowatch ready ");
            double seconds = (System.nanoTime() - before) / 1e9;
            double enabled = MetricsPage.of(ready).value("repowatch_repos{state=\"enabled\"}");
            if (enabled != repos) {
                throw new IllegalStateException(enabled + " of " + repos + " repos are enabled");
            }
            return Sample.of("seconds", seconds)
                    .and("CPU s", serve.cpu())
                    .and("peak MiB", serve.peakMemory() / (1 << 20));
        }
    }

    @Override
    public List<Goal> goals() {
        return List.of(Goal.atMost(8, "seconds until ready", SERVE, "seconds"));
    }

    @Override
    public String bound() {
        return "the registry's own history is folded on one thread before anything else can begin; then each repo is read and"
                + " enabled.";
    }
}
