package io.repowatch.service.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Row 5: the connection of an observer of many repos is cut, while some of them have changed. Measured from the cut until as
 * many streams were read as have changed, as the observer's own metrics tell.
 */
final class Reconnect implements Row {
    private static final String OBSERVER = "observer";
    private static final int REPOS = 1_000_000;
    private static final int CHANGED = 100;
    private static final String READS = "reads";
    private static final String SECONDS = "seconds";
    private static final List<String> FLAGS = List.of("-Xmx1400m");
    private static final String ERROR = "set by the benchmark";

    /** How long a connection has to last to count as sound; what comes back sooner is taken for a broken server. */
    private static final long SOUND_MILLIS = 61_000;

    private static final long LOOK_MILLIS = 10;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Workshop workshop;
    private final int repos;
    private @Nullable RegistryProcess registry;
    private @Nullable Proxy proxy;
    private @Nullable Child observer;
    private @Nullable ManagedChannel channel;
    private @Nullable MetricsPage metrics;
    private boolean set;

    Reconnect(Workshop workshop) {
        this.workshop = workshop;
        this.repos = workshop.repos(REPOS);
    }

    @Override
    public int number() {
        return 5;
    }

    @Override
    public String title() {
        return "Reconnect with " + repos + " repos watched, " + CHANGED + " changed meanwhile";
    }

    @Override
    public List<String> sides() {
        return List.of(OBSERVER);
    }

    @Override
    public void prepare() throws Exception {
        RegistryProcess at = RegistryProcess.start(workshop, "data", new Dataset(repos, 8), FLAGS);
        registry = at;
        channel = NettyChannelBuilder.forAddress("127.0.0.1", at.port())
                .usePlaintext()
                .build();
        Proxy between = new Proxy(at.port());
        proxy = between;
        Child child = at.observer(between.port(), FLAGS, "--http", "127.0.0.1:0");
        observer = child;
        metrics = MetricsPage.of(child.awaitLine("repowatch ready "));
    }

    @Override
    public Sample measure(String side) throws Exception {
        // The events come to the observer over the old connection if it is only cut later, so it must not be there.
        Thread.sleep(SOUND_MILLIS);
        double before = reads();
        Proxy between = proxy;
        if (between == null) {
            throw new IllegalStateException("not prepared");
        }
        between.hold();
        change();
        long cut = System.nanoTime();
        between.cut();
        double now = before;
        while (now - before < CHANGED && System.nanoTime() - cut < LIMIT_NANOS) {
            Thread.sleep(LOOK_MILLIS);
            now = reads();
        }
        double seconds = (System.nanoTime() - cut) / 1e9;
        // Whatever is read too much comes soon.
        Thread.sleep(TimeUnit.SECONDS.toMillis(3));
        return Sample.of(SECONDS, seconds).and(READS, reads() - before);
    }

    private void change() {
        ReposGrpc.ReposBlockingStub stub = ReposGrpc.newBlockingStub(channel);
        set = !set;
        for (int i = 0; i < CHANGED; i++) {
            ByteString repo = ByteString.copyFrom(EntityIds.toBytes(Dataset.repo((int) ((long) i * repos / CHANGED))));
            if (set) {
                stub.setRepoError(SetRepoErrorI.newBuilder()
                        .setRepo(repo)
                        .setErrorMessage(ERROR)
                        .build());
            } else {
                stub.clearRepoError(ClearRepoErrorI.newBuilder()
                        .setRepo(repo)
                        .setErrorMessage(ERROR)
                        .build());
            }
        }
    }

    private double reads() throws IOException, InterruptedException {
        MetricsPage page = metrics;
        if (page == null) {
            throw new IllegalStateException("not prepared");
        }
        return page.value("repowatch_reads_total{class=\"repo\"}");
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                Goal.atMost(CHANGED, "streams read", OBSERVER, READS),
                Goal.atMost(1, "seconds from the cut to the last of them", OBSERVER, SECONDS));
    }

    @Override
    public String bound() {
        return "up to a tenth of the first back-off, by chance, before the next attempt; then a connection, and the reads.";
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable each : new AutoCloseable[] {observer, proxy, registry}) {
            if (each != null) {
                try {
                    each.close();
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
        }
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
