package io.repowatch.service.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.EmbeddedConfig;
import io.repowatch.journal.EmbeddedJournal;
import io.repowatch.journal.JournalStats;
import io.repowatch.journal.StoredEvent;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Row 7: events of 256 bytes, each on the disk before it is acknowledged, for a fixed time per side. All sides write to the same
 * file system.
 */
final class DurableAppend implements Row {
    static final String ONE = "journal, 1 writer";
    static final String MANY = "journal, 64 writers";
    static final String DISK = "the disk's own fdatasync";
    static final String ROCKS_ONE = "RocksDB, 1 event per sync";
    static final String ROCKS_MANY = "RocksDB, 64 events per sync";
    static final String SQLITE_ONE = "SQLite, 1 event per commit";
    static final String SQLITE_MANY = "SQLite, 64 events per commit";
    static final String GRPC = "registry over gRPC, 64 clients";
    static final String POSTGRES = "PostgreSQL, 64 connections";
    static final String GROUP = "events per sync";

    private static final int WRITERS = 64;
    private static final int BYTES = 256;

    /** Java goes on compiling a server for some seconds. */
    private static final int WARM_UPS = 5;

    private static final String ERROR = "an error that is cleared again";

    private final Workshop workshop;
    private final Duration time;
    private final byte[] event = new byte[BYTES];
    private final Map<String, Pace.Work> baselines = new HashMap<>();
    private final Map<String, String> missing = new HashMap<>();
    private final List<Baselines.Sql> connections = new ArrayList<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final AtomicLong ids = new AtomicLong();
    private @Nullable EmbeddedJournal journal;
    private @Nullable ManagedChannel channel;

    DurableAppend(Workshop workshop, Duration time) {
        this.workshop = workshop;
        this.time = time;
        // Bytes that cannot be compressed are the worst case for all.
        new Random(1).nextBytes(event);
    }

    static Row row(Workshop workshop) {
        return new DurableAppend(workshop, Duration.ofSeconds(2));
    }

    @Override
    public int number() {
        return 7;
    }

    @Override
    public String title() {
        return "Durable append, " + BYTES + "-byte events, " + time.toMillis() / 1e3 + " s per side";
    }

    @Override
    public List<String> sides() {
        return List.of(ONE, MANY, DISK, ROCKS_ONE, ROCKS_MANY, SQLITE_ONE, SQLITE_MANY, GRPC, POSTGRES);
    }

    @Override
    public Optional<String> missing(String side) {
        return Optional.ofNullable(missing.get(side));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void prepare() throws Exception {
        Scheduler reads = Schedulers.newBoundedElastic(2, 1_000, "bench-reads", 60, true);
        opened(reads::dispose);
        journal = opened(EmbeddedJournal.open(
                workshop.folder("journal"), EmbeddedConfig.builder(reads).build()));
        baselines.put(DISK, opened(new Baselines.Disk(workshop.directory().resolve("disk"), event)));
        baselines.put(ROCKS_ONE, rocks("rocks-1", 1));
        baselines.put(ROCKS_MANY, rocks("rocks-64", WRITERS));
        prepareSqlite();
        preparePostgres();
        RegistryProcess registry = opened(RegistryProcess.start(workshop, "data", new Dataset(WRITERS, 2), List.of()));
        ManagedChannel made = NettyChannelBuilder.forAddress("127.0.0.1", registry.port())
                .usePlaintext()
                .directExecutor()
                .build();
        opened(made::shutdownNow);
        channel = made;
        workshop.say("letting the registry get warm");
        for (int i = 0; i < WARM_UPS; i++) {
            grpc();
        }
    }

    private Baselines.Rocks rocks(String name, int events) throws IOException, RocksDBException {
        return opened(new Baselines.Rocks(workshop.folder(name), event, events));
    }

    private void prepareSqlite() throws SQLException {
        if (!Baselines.hasDriver("jdbc:sqlite:")) {
            missing.put(SQLITE_ONE, "org.xerial:sqlite-jdbc is not on the class path");
            missing.put(SQLITE_MANY, "org.xerial:sqlite-jdbc is not on the class path");
            return;
        }
        Path at = workshop.directory();
        baselines.put(SQLITE_ONE, opened(Baselines.Sql.sqlite(at.resolve("sqlite-1"), event, 1)));
        baselines.put(SQLITE_MANY, opened(Baselines.Sql.sqlite(at.resolve("sqlite-64"), event, WRITERS)));
    }

    private void preparePostgres() throws Exception {
        Optional<Path> programs = Postgres.programs();
        if (programs.isEmpty()) {
            missing.put(POSTGRES, "Debian's package postgresql is not installed");
        } else if (!Baselines.hasDriver(Postgres.DRIVER)) {
            missing.put(POSTGRES, "org.postgresql:postgresql is not on the class path");
        } else {
            Postgres server = opened(Postgres.start(programs.get(), workshop));
            for (int i = 0; i < WRITERS; i++) {
                connections.add(opened(Baselines.Sql.postgres(server.url(), event)));
            }
        }
    }

    @Override
    public Sample measure(String side) throws Exception {
        return switch (side) {
            case ONE -> ours(1);
            case MANY -> ours(WRITERS);
            case GRPC -> grpc();
            case POSTGRES -> Pace.blocking(time, 1, connections);
            default -> {
                Pace.Work work = baselines.get(side);
                if (work == null) {
                    throw new IllegalStateException(side + " is not prepared");
                }
                yield Pace.blocking(time, side.contains("64") ? WRITERS : 1, List.of(work));
            }
        };
    }

    private Sample ours(int writers) throws Exception {
        EmbeddedJournal at = journal;
        if (at == null) {
            throw new IllegalStateException("the journal is not open");
        }
        StreamId[] streams = new StreamId[writers];
        Vid[] tails = new Vid[writers];
        for (int i = 0; i < writers; i++) {
            streams[i] = new StreamId((byte) 1, new UUID(1, ids.incrementAndGet()));
            tails[i] = Vid.EPOCH;
        }
        JournalStats before = at.stats();
        Sample sample = Pace.reactive(time, writers, writer -> {
            Vid id = new Vid(1, ids.incrementAndGet());
            Append append = new Append(streams[writer], tails[writer], List.of(new StoredEvent(id, event)));
            tails[writer] = id;
            return at.append(List.of(append)).toFuture();
        });
        JournalStats after = at.stats();
        return sample.and(GROUP, (after.appends() - before.appends()) / (double) (after.syncs() - before.syncs()));
    }

    /** Each client sets an error of its repo and clears it, in turn; each of the two is one durable command. */
    private Sample grpc() throws Exception {
        ManagedChannel to = channel;
        if (to == null) {
            throw new IllegalStateException("the registry is not there");
        }
        ReposGrpc.ReposStub stub = ReposGrpc.newStub(to);
        boolean[] set = new boolean[WRITERS];
        ByteString[] repos = new ByteString[WRITERS];
        for (int i = 0; i < WRITERS; i++) {
            repos[i] = ByteString.copyFrom(EntityIds.toBytes(Dataset.repo(i)));
        }
        Sample sample = Pace.reactive(time, WRITERS, client -> {
            set[client] = !set[client];
            return set[client] ? setError(stub, repos[client]) : clearError(stub, repos[client]);
        });
        for (int i = 0; i < WRITERS; i++) {
            if (set[i]) {
                clearError(stub, repos[i]).get();
            }
        }
        return sample;
    }

    private static CompletableFuture<?> setError(ReposGrpc.ReposStub stub, ByteString repo) {
        Answer answer = new Answer();
        stub.setRepoError(
                SetRepoErrorI.newBuilder().setRepo(repo).setErrorMessage(ERROR).build(), answer.observer());
        return answer;
    }

    private static CompletableFuture<?> clearError(ReposGrpc.ReposStub stub, ByteString repo) {
        Answer answer = new Answer();
        stub.clearRepoError(
                ClearRepoErrorI.newBuilder()
                        .setRepo(repo)
                        .setErrorMessage(ERROR)
                        .build(),
                answer.observer());
        return answer;
    }

    @Override
    public List<Goal> goals() {
        return List.of(
                Goal.atLeast(0.8, "1 writer, beside the disk's fdatasync", ONE, DISK, Pace.RATE),
                Goal.atLeast(20, "64 writers, beside the disk's fdatasync", MANY, DISK, Pace.RATE),
                Goal.reported("1 writer, beside RocksDB", ONE, ROCKS_ONE, Pace.RATE),
                Goal.reported("64 writers, beside RocksDB with 64 events per sync", MANY, ROCKS_MANY, Pace.RATE),
                Goal.reported("1 writer, beside SQLite", ONE, SQLITE_ONE, Pace.RATE),
                Goal.reported("64 writers, beside SQLite with 64 events per commit", MANY, SQLITE_MANY, Pace.RATE),
                Goal.reported("64 clients over gRPC, beside PostgreSQL", GRPC, POSTGRES, Pace.RATE));
    }

    @Override
    public String bound() {
        return "the disk: one append waits for one sync, and 64 that wait together share one.";
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    /** The end of a call, whatever it answers. */
    private static final class Answer extends CompletableFuture<Boolean> {
        <T> StreamObserver<T> observer() {
            return new StreamObserver<>() {
                @Override
                public void onNext(T message) {}

                @Override
                public void onError(Throwable e) {
                    completeExceptionally(e);
                }

                @Override
                public void onCompleted() {
                    complete(true);
                }
            };
        }
    }
}
