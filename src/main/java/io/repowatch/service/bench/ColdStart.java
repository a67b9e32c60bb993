package io.repowatch.service.bench;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows 1 and 2: a registry with many repos, and processes that start on it. Measured from the start of the process until an
 * observer is ready, or a client has its last answer, over loopback TCP; JVM start and compilation included.
 */
final class ColdStart implements Row {
    static final String FEED = "observer";
    static final String COMPATIBLE = "observer, compatible services";
    static final String BOTH_CALLS = "bare client, both calls";
    static final String STREAMS = "bare client, streams only";
    static final String ONE_STREAM = "bare client, one stream of the same bytes";

    private static final String SERVER_CPU = "server CPU ms/repo";
    private static final String OWN_CPU = "own CPU ms/repo";
    private static final String PER_CPU = "repos per CPU s, both";
    private static final int REPOS = 5000;
    private static final int EVENTS = 8;

    /** About what the events of a repo take on the wire, and what fits into a message. */
    private static final int BYTES_OF_REPO = EVENTS * 150;

    private static final int MESSAGE = 64 << 10;

    /** As many streams as an observer reads at a time by default. */
    private static final int CONCURRENCY = 10;

    private final int number;
    private final List<String> sides;
    private final Workshop workshop;
    private final int repos;
    private @Nullable RegistryProcess registry;
    private @Nullable Child bytes;
    private String bytesPort = "";

    private ColdStart(int number, List<String> sides, Workshop workshop) {
        this.number = number;
        this.sides = sides;
        this.workshop = workshop;
        this.repos = workshop.repos(REPOS);
    }

    static Row compatible(Workshop workshop) {
        return new ColdStart(1, List.of(COMPATIBLE, BOTH_CALLS, STREAMS), workshop);
    }

    static Row multiplexed(Workshop workshop) {
        return new ColdStart(2, List.of(FEED, COMPATIBLE, ONE_STREAM), workshop);
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public String title() {
        return "Cold start, " + repos + " repos with " + EVENTS + " events, "
                + (number == 1 ? "compatible services only" : "multiplexed reads");
    }

    @Override
    public List<String> sides() {
        return sides;
    }

    @Override
    public void prepare() throws IOException {
        registry = RegistryProcess.start(workshop, "data", new Dataset(repos, EVENTS), List.of());
        if (number == 2) {
            bytes = Child.start(workshop.log(), List.of(), BareServer.class.getName(), List.of());
            bytesPort = bytes.awaitLine("ready ").replaceAll(".*port=", "");
        }
    }

    @Override
    public Sample measure(String side) throws IOException {
        if (registry == null) {
            throw new IllegalStateException("not prepared");
        }
        Child server = side.equals(ONE_STREAM) && bytes != null ? bytes : registry.process();
        double serverBefore = server.cpu();
        long before = System.nanoTime();
        try (Child client = start(side, registry)) {
            client.awaitLine(side.equals(FEED) || side.equals(COMPATIBLE) ? "repowatch ready " : "done ");
            double seconds = (System.nanoTime() - before) / 1e9;
            double own = client.cpu();
            double other = server.cpu() - serverBefore;
            return Sample.of("seconds", seconds)
                    .and(PER_CPU, repos / (own + other))
                    .and(OWN_CPU, own / repos * 1e3)
                    .and(SERVER_CPU, other / repos * 1e3)
                    .and("peak MiB", client.peakMemory() / (1 << 20));
        }
    }

    private Child start(String side, RegistryProcess at) throws IOException {
        String bare = BareClient.class.getName();
        return switch (side) {
            case FEED -> at.observer(List.of());
            case COMPATIBLE -> at.observer(List.of(), "--compatible");
            case ONE_STREAM -> {
                int messages = Math.max(1, (int) ((long) repos * BYTES_OF_REPO / MESSAGE));
                yield Child.start(
                        workshop.log(),
                        List.of(),
                        bare,
                        List.of(BareClient.ONE_STREAM, bytesPort, "" + messages, "" + MESSAGE));
            }
            default ->
                Child.start(
                        workshop.log(),
                        List.of(),
                        bare,
                        List.of(
                                side.equals(BOTH_CALLS) ? BareClient.BOTH_CALLS : BareClient.STREAMS,
                                "" + at.port(),
                                "" + CONCURRENCY));
        };
    }

    @Override
    public List<Goal> goals() {
        return number == 1
                ? List.of(
                        Goal.atLeast(1.0, "repos per CPU s beside both calls", COMPATIBLE, BOTH_CALLS, PER_CPU),
                        Goal.atLeast(0.8, "repos per CPU s beside streams only", COMPATIBLE, STREAMS, PER_CPU))
                : List.of(
                        Goal.atLeast(10, "repos per CPU s beside the compatible services", FEED, COMPATIBLE, PER_CPU),
                        Goal.atLeast(0.5, "repos per CPU s beside one bare stream", FEED, ONE_STREAM, PER_CPU));
    }

    @Override
    public String bound() {
        return number == 1
                ? "a gRPC call costs about 150 µs of CPU on both sides together; the start of the process, and Java compiling"
                        + " itself, cost the same for 10 repos as for 5,000."
                : "the start of the process, and Java compiling itself; with more repos (`--repos`) that share shrinks.";
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
        if (bytes != null) {
            bytes.close();
        }
    }
}
