package io.repowatch.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.AccessScope;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.GlobalPath;
import io.repowatch.id.Principal;
import io.repowatch.observer.RepoInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.GitNogGrpc;
import io.repowatch.wire.nogfso.HeadGitCommits;
import io.repowatch.wire.nogfso.HeadI;
import io.repowatch.wire.nogfso.HeadO;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.MetaI;
import io.repowatch.wire.nogfso.ShaI;
import io.repowatch.wire.nogfso.StatGrpc;
import io.repowatch.wire.nogfso.StatI;
import io.repowatch.wire.nogfso.StatO;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

class StorageServicesTest {
    @TempDir
    Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Disposable.Composite background = Disposables.composite();
    private Authorizer authorizer =
            (principal, action, scope) -> asked.add(principal.name() + " " + action + " " + scope);
    private StorageFixture host;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        host = new StorageFixture(directory.toRealPath());
        host.file("a.txt", 3);
        host.init(SubdirTracking.ST_ENTER_SUBDIRS);
        host.now = host.now.plus(Duration.ofDays(1));
        host.config = StorageConfig.builder(host.shadowRoot)
                .host("localhost")
                .statQueue(3)
                .build();
        host.table.enable(host.info()).block(StorageFixture.LONG);
        InProcessServerBuilder builder =
                InProcessServerBuilder.forName(directory.toString()).intercept(hearsCancellation());
        StorageServices.of(
                        host.table,
                        host.config,
                        (principal, action, scope) -> authorizer.check(principal, action, scope),
                        () -> new Principal("me"),
                        host.blocking,
                        () -> host.now,
                        (repo, entries, bytes) -> host.progress.walked(repo, entries, bytes),
                        background)
                .forEach(builder::addService);
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName(directory.toString()).build();
    }

    @AfterEach
    void stop() throws Exception {
        background.dispose();
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        host.close();
    }

    /** Opens the latch when a cancellation has done all it does. */
    private ServerInterceptor hearsCancellation() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
                    @Override
                    public void onCancel() {
                        super.onCancel();
                        cancelled.countDown();
                    }
                };
            }
        };
    }

    private static ByteString bytes(UUID id) {
        return ByteString.copyFrom(EntityIds.toBytes(id));
    }

    private StatI.Builder request(JobControl control) {
        return StatI.newBuilder()
                .setRepo(bytes(StorageFixture.REPO))
                .setAuthorName("Requester")
                .setAuthorEmail("requester@example.org")
                .setJobControl(control);
    }

    private StatO stat(StatI request) {
        return StatGrpc.newBlockingStub(channel).stat(request);
    }

    private Future<StatO> statLater(StatI request) {
        return StatGrpc.newFutureStub(channel).stat(request);
    }

    private HeadO head() {
        return GitNogGrpc.newBlockingStub(channel)
                .head(HeadI.newBuilder().setRepo(bytes(StorageFixture.REPO)).build());
    }

    private static void requireStatus(Status.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode())
                                .as(e.toString())
                                .isEqualTo(code));
    }

    private String log() {
        return host.git().run("log", "--format=%s|%an <%ae>", "master-stat");
    }

    /** Holds every walk at its first report until the latch is open. */
    private CountDownLatch gate(CountDownLatch reached) throws Exception {
        for (int i = 0; i < 1100; i++) {
            Files.createFile(host.data.resolve("g" + i));
        }
        CountDownLatch open = new CountDownLatch(1);
        host.progress = (repo, entries, bytes) -> {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        return open;
    }

    @Test
    void aStatThatWaitsAnswersWhenTheCommitIsThere() throws Exception {
        host.file("b.txt", 1);
        stat(request(JobControl.JC_WAIT).build());
        assertThat(log()).startsWith("stat 2026-03-05T05:06:07Z|Requester <requester@example.org>\n");
        assertThat(asked).containsExactly("me fso/refresh-repo " + AccessScope.path(GlobalPath.parse("/g/p")));
    }

    @Test
    void theFlagForTheMtimeRangeIsUnderstood() throws Exception {
        host.file("b.txt", 1);
        stat(request(JobControl.JC_WAIT)
                .setFlags(StatI.Flag.F_MTIME_RANGE_ONLY_VALUE)
                .build());
        assertThat(log()).startsWith("stat 2026-03-05T05:06:07Z: mtime range|Requester");
    }

    @Test
    void aStatInTheBackgroundAnswersAtOnceAndIsDoneLater() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = gate(reached);
        stat(request(JobControl.JC_BACKGROUND).build());
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        String before = log();
        open.countDown();
        Awaitility.await().atMost(StorageFixture.LONG).until(() -> !log().equals(before));
        host.git().requireClean();
    }

    @Test
    void requestsThatCannotBeServedSayWhy() {
        UUID unknown = new UUID(7, 7);
        requireStatus(
                Status.Code.NOT_FOUND,
                () -> stat(request(JobControl.JC_WAIT).setRepo(bytes(unknown)).build()));
        requireStatus(
                Status.Code.NOT_FOUND,
                () -> stat(request(JobControl.JC_BACKGROUND)
                        .setRepo(bytes(unknown))
                        .build()));
        requireStatus(
                Status.Code.INVALID_ARGUMENT,
                () -> stat(request(JobControl.JC_WAIT)
                        .setRepo(ByteString.copyFromUtf8("short"))
                        .build()));
        GitNogGrpc.GitNogBlockingStub gitNog = GitNogGrpc.newBlockingStub(channel);
        requireStatus(
                Status.Code.NOT_FOUND,
                () -> gitNog.head(HeadI.newBuilder().setRepo(bytes(unknown)).build()));
        requireStatus(Status.Code.INVALID_ARGUMENT, () -> gitNog.head(HeadI.getDefaultInstance()));
        requireStatus(Status.Code.UNIMPLEMENTED, () -> gitNog.meta(MetaI.getDefaultInstance()));
        requireStatus(
                Status.Code.UNIMPLEMENTED,
                () -> StatGrpc.newBlockingStub(channel).sha(ShaI.getDefaultInstance()));
        assertThat(asked).as("nothing to be authorised").isEmpty();
        authorizer = (principal, action, scope) -> {
            throw new AccessDeniedException(principal, action, scope);
        };
        requireStatus(
                Status.Code.PERMISSION_DENIED,
                () -> stat(request(JobControl.JC_WAIT).build()));
        requireStatus(Status.Code.PERMISSION_DENIED, this::head);
    }

    @Test
    void d30_aStatOfAMissingDirectoryFailsWithAdvice() throws Exception {
        Files.move(host.data, host.data.resolveSibling("away"));
        String before = log();
        requireStatus(
                Status.Code.FAILED_PRECONDITION,
                () -> stat(request(JobControl.JC_WAIT).build()));
        assertThatThrownBy(() -> stat(request(JobControl.JC_WAIT).build())).hasMessageContaining("create or mount it");
        assertThat(log()).isEqualTo(before);
    }

    @Test
    void headTellsTheCommitsOfTheBranchesAndLeavesOutMissingOnes() {
        HeadO head = head();
        String stat = host.git().run("rev-parse", "master-stat").strip();
        String stub = host.git().run("rev-parse", "master-stub").strip();
        HexFormat hex = HexFormat.of();
        assertThat(hex.formatHex(head.getGitCommits().getStat().toByteArray())).isEqualTo(stat);
        assertThat(hex.formatHex(head.getGitCommits().getSha().toByteArray())).isEqualTo(stub);
        assertThat(hex.formatHex(head.getGitCommits().getContent().toByteArray()))
                .isEqualTo(stub);
        assertThat(head.getGitCommits().getMeta().isEmpty()).isTrue();
        assertThat(head.hasMetaAuthor()).isFalse();
        assertThat(head.getStatAuthor().getName()).isEqualTo("The Creator");
        assertThat(head.getStatCommitter().getEmail()).isEqualTo("repowatch@localhost");
        assertThat(head.getStatAuthor().getDate()).isEqualTo("2026-03-04T05:06:07Z");
        assertThat(head.getRepo()).isEqualTo(bytes(StorageFixture.REPO));
        assertThat(head.getCommitId().size()).isEqualTo(32);
        assertThat(asked).allMatch(line -> line.startsWith("me fso/read-repo "));
    }

    @Test
    void theCommitIdIsTheHashOfTheEncodedCommits() {
        // sha512/256 of 0a 03 01 02 03 22 01 04, computed with another program.
        HeadGitCommits commits = HeadGitCommits.newBuilder()
                .setStat(ByteString.copyFrom(new byte[] {1, 2, 3}))
                .setContent(ByteString.copyFrom(new byte[] {4}))
                .build();
        assertThat(HexFormat.of().formatHex(HeadReader.commitId(commits).toByteArray()))
                .isEqualTo("72428a1b8864619174f364b44ce4d722c842ed2f915bef90fc96e9162b6f3cd0");
    }

    @Test
    void d41_aBrokenBranchIsAnErrorAndNotTakenForMissing() throws Exception {
        Path ref = host.shadow().resolve(".git/refs/heads/master-sha");
        Files.writeString(ref, "0123456789012345678901234567890123456789\n");
        requireStatus(Status.Code.INTERNAL, this::head);
        Files.writeString(ref, "nonsense\n");
        requireStatus(Status.Code.INTERNAL, this::head);
        Files.delete(ref);
        assertThat(head().getGitCommits().getSha().isEmpty()).isFalse();
    }

    @Test
    void d20_aBusyRepoTakesOneWorkerHoweverManyAskAndEqualRequestsShareARun() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = gate(reached);
        AtomicInteger runs = new AtomicInteger();
        ProgressListener held = host.progress;
        host.progress = (repo, entries, bytes) -> {
            if (entries % 1000 == 0) {
                runs.incrementAndGet();
            }
            held.walked(repo, entries, bytes);
        };
        Future<StatO> first = statLater(request(JobControl.JC_WAIT).build());
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        List<Future<StatO>> more = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            more.add(statLater(request(JobControl.JC_WAIT).build()));
        }
        // The pool has two workers; the other repo gets one at once.
        RepoInfo other = new RepoInfo(
                new UUID(5, 5),
                host.info().vid(),
                "reg",
                GlobalPath.parse("/g/q"),
                "localhost",
                host.data.toString(),
                host.shadow().toString(),
                null,
                StorageTierCode.ST_ONLINE);
        host.table.enable(other).block(StorageFixture.LONG);
        HeadO head = GitNogGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .head(HeadI.newBuilder().setRepo(bytes(other.id())).build());
        assertThat(head.hasStatAuthor()).isTrue();
        assertThat(first.isDone()).isFalse();
        open.countDown();
        first.get(60, TimeUnit.SECONDS);
        for (Future<StatO> future : more) {
            future.get(60, TimeUnit.SECONDS);
        }
        assertThat(runs).as("the first run, and one for all that came later").hasValue(2);
    }

    @Test
    void d20_aQueuedStatOfARepoThatIsDisabledMeanwhileIsNotFound() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = gate(reached);
        Future<StatO> first = statLater(request(JobControl.JC_WAIT).build());
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        var disabled = host.table.disable(StorageFixture.REPO).toFuture();
        Future<StatO> queued = statLater(request(JobControl.JC_WAIT).build());
        Awaitility.await().until(() -> asked.size() == 2);
        open.countDown();
        first.get(60, TimeUnit.SECONDS);
        disabled.get(60, TimeUnit.SECONDS);
        assertThatThrownBy(() -> queued.get(60, TimeUnit.SECONDS)).hasMessageContaining("NOT_FOUND");
    }

    @Test
    void aFullQueueRefusesWithResourceExhausted() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = gate(reached);
        stat(request(JobControl.JC_BACKGROUND).build());
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        stat(request(JobControl.JC_BACKGROUND).build());
        stat(request(JobControl.JC_BACKGROUND).setFlags(1).build());
        UUID[] others = {new UUID(5, 5), new UUID(5, 6)};
        CountDownLatch free = new CountDownLatch(1);
        for (UUID id : others) {
            RepoInfo i = host.info();
            host.table
                    .enable(new RepoInfo(
                            id,
                            i.vid(),
                            "reg",
                            i.globalPath(),
                            "localhost",
                            i.hostPath(),
                            i.shadowPath(),
                            null,
                            StorageTierCode.ST_ONLINE))
                    .block(StorageFixture.LONG);
            background.add(host.table
                    .withLock(
                            id,
                            () -> new BlockingWork(host.blocking).run(stopped -> {
                                free.await();
                                return 1;
                            }))
                    .subscribe());
        }
        stat(request(JobControl.JC_BACKGROUND).setRepo(bytes(others[0])).build());
        requireStatus(
                Status.Code.RESOURCE_EXHAUSTED,
                () -> stat(request(JobControl.JC_BACKGROUND)
                        .setRepo(bytes(others[1]))
                        .build()));
        // What waits already takes in equal requests without more room.
        stat(request(JobControl.JC_BACKGROUND).build());
        free.countDown();
        open.countDown();
    }

    @Test
    void d39_aCallerThatGoesAwayEndsTheWalk() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = gate(reached);
        String before = log();
        Future<StatO> waiting = statLater(request(JobControl.JC_WAIT).build());
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        waiting.cancel(true);
        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
        open.countDown();
        host.table.withLock(StorageFixture.REPO, () -> Mono.just(1)).block(StorageFixture.LONG);
        assertThat(log()).isEqualTo(before);
        host.git().requireClean();
    }

    @Test
    void stoppingTheServicesEndsTheWalksAndRefusesNewOnes() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = gate(reached);
        String before = log();
        Future<StatO> waiting = statLater(request(JobControl.JC_WAIT).build());
        stat(request(JobControl.JC_BACKGROUND).build());
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
        background.dispose();
        open.countDown();
        assertThatThrownBy(() -> waiting.get(60, TimeUnit.SECONDS)).hasMessageContaining("CANCELLED");
        requireStatus(
                Status.Code.RESOURCE_EXHAUSTED,
                () -> stat(request(JobControl.JC_WAIT).build()));
        host.table.withLock(StorageFixture.REPO, () -> Mono.just(1)).block(StorageFixture.LONG);
        assertThat(log()).isEqualTo(before);
    }
}
