package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.repowatch.id.AccessDeniedException;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadPart;
import io.repowatch.wire.v1.ReadPart.End;
import io.repowatch.wire.v1.ReadStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** Many reads in one call, over the in-process transport and over a socket. */
class FeedReadTest {
    private static final int BIG = 30_000;
    private static final int MANY = 1_000;

    private final ScriptedJournal journal = new ScriptedJournal();
    private Fixture fixture = new Fixture(journal).prepared();
    private @Nullable Server server;
    private @Nullable ManagedChannel channel;

    private ManagedChannel serve(Fixture served) throws Exception {
        fixture = served;
        InProcessServerBuilder builder = InProcessServerBuilder.forName("feed");
        RegistryServices.of(served.registry, () -> Fixture.CALLER).forEach(builder::addService);
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName("feed").build();
        return channel;
    }

    private ManagedChannel serve() throws Exception {
        return serve(fixture);
    }

    private ManagedChannel serve(FeedLimits limits) throws Exception {
        return serve(new Fixture(
                journal,
                RegistryConfig.builder(Schedulers.immediate(), new Random(3)).build(),
                limits));
    }

    private ManagedChannel serveOnSocket() throws Exception {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        RegistryServices.of(fixture.registry, () -> Fixture.CALLER).forEach(builder::addService);
        server = RegistryServices.configure(builder).build().start();
        channel = NettyChannelBuilder.forAddress(
                        InetAddress.getLoopbackAddress().getHostAddress(), server.getPort())
                .usePlaintext()
                .flowControlWindow(64 * 1024)
                .build();
        return channel;
    }

    @AfterEach
    void stop() throws Exception {
        fixture.registry.close();
        if (channel != null) {
            channel.shutdownNow();
        }
        if (server != null) {
            server.shutdownNow();
            assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private UUID repo(String path) {
        return Fixture.uuid(fixture.initRepo(path).getRepo());
    }

    /** A repo with so many more events of so many bytes. */
    private UUID repo(String path, int events, int bytes) {
        UUID repo = repo(path);
        for (int i = 0; i < events; i++) {
            fixture.put(Fixture.repoStream(repo), new Vid(77, i), new byte[bytes]);
        }
        return repo;
    }

    private List<ByteString> stored(UUID repo) {
        return fixture.stored(Fixture.repoStream(repo)).stream()
                .map(event -> ByteString.copyFrom(event.body()))
                .toList();
    }

    @Test
    void severalReadsShareACallAndAMessageAndPassBytesAsTheyAre() throws Exception {
        UUID first = repo("/data/a", 3, 10);
        UUID second = repo("/data/b");
        FeedClient client = FeedClient.of(serve());
        client.send(
                FeedClient.open(1, FeedClient.repo(first), 100),
                FeedClient.open(2, FeedClient.repo(second), 100),
                FeedClient.open(3, FeedClient.registry(Fixture.REG), 100));
        assertThat(client.end(3).getEnd()).isEqualTo(End.END_CAUGHT_UP);
        assertThat(client.messages).hasSize(1);
        assertThat(client.events(1)).isEqualTo(stored(first)).hasSize(4);
        assertThat(client.events(2)).isEqualTo(stored(second));
        assertThat(client.events(3))
                .hasSize(fixture.stored(Fixture.registryStream(Fixture.REG)).size());
        client.complete();
        assertThat(client.status().isOk()).isTrue();
    }

    @Test
    void everyKindOfStreamIsRead() throws Exception {
        UUID repo = repo("/data/a");
        UUID move = new UUID(4, 4);
        UUID ping = new UUID(4, 5);
        byte[] moving = WorkflowEvent.newBuilder()
                .setRepoId(Fixture.bytes(repo))
                .build()
                .toByteArray();
        byte[] pinging = WorkflowEvent.newBuilder()
                .setEvent(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED)
                .setRegistryId(Fixture.bytes(EntityIds.registry(Fixture.REG)))
                .build()
                .toByteArray();
        fixture.put(Category.WORKFLOW.stream(move), new Vid(9, 1), moving);
        fixture.put(Category.EPHEMERAL_WORKFLOW.stream(ping), new Vid(9, 1), pinging);
        byte[] indexed = WorkflowEvent.newBuilder()
                .setEvent(WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED)
                .setWorkflowId(Fixture.bytes(ping))
                .setWorkflowEventId(Fixture.bytes(new Vid(9, 1)))
                .build()
                .toByteArray();
        fixture.put(Category.EPHEMERAL_WORKFLOW.stream(EntityIds.workflowIndex(Fixture.REG)), new Vid(9, 1), indexed);
        FeedClient client = FeedClient.of(serve());
        ReadStream registry = FeedClient.registry(Fixture.REG);
        client.send(
                FeedClient.open(
                        1,
                        FeedClient.repo(repo).toBuilder()
                                .setWorkflow(Fixture.bytes(move))
                                .build(),
                        9),
                FeedClient.open(
                        2, registry.toBuilder().setWorkflow(Fixture.bytes(ping)).build(), 9),
                FeedClient.open(3, registry.toBuilder().setIndex(true).build(), 9));
        client.end(3);
        assertThat(client.events(1)).containsExactly(ByteString.copyFrom(moving));
        assertThat(client.events(2)).containsExactly(ByteString.copyFrom(pinging));
        assertThat(client.events(3)).containsExactly(ByteString.copyFrom(indexed));
    }

    @Test
    void aReadGoesOnAfterAnEventAndAnUnknownOneIsItsOwnError() throws Exception {
        UUID repo = repo("/data/a", 3, 10);
        List<StoredEvent> events = fixture.stored(Fixture.repoStream(repo));
        FeedClient client = FeedClient.of(serve());
        ReadOpen after = FeedClient.open(1, FeedClient.repo(repo), 100);
        client.send(
                after.toBuilder().setAfter(Fixture.bytes(events.get(1).id())).build(),
                after.toBuilder()
                        .setRead(2)
                        .setAfter(Fixture.bytes(new Vid(5, 5)))
                        .build(),
                FeedClient.open(3, FeedClient.repo(new UUID(1, 2)), 9),
                FeedClient.open(4, ReadStream.getDefaultInstance(), 9),
                FeedClient.open(5, FeedClient.repo(repo), 100));
        assertThat(client.end(5).getEnd()).isEqualTo(End.END_CAUGHT_UP);
        assertThat(client.events(1)).hasSize(2);
        assertThat(text(client.end(2)))
                .isEqualTo("OUT_OF_RANGE repo journal error: db: finding start failed: not found");
        assertThat(text(client.end(3))).isEqualTo("NOT_FOUND repos error: uninitialized repo");
        assertThat(text(client.end(4))).startsWith("INVALID_ARGUMENT malformed registry name");
        assertThat(client.isOver()).isFalse();
    }

    private static String text(ReadPart part) {
        assertThat(part.getEnd()).isEqualTo(End.END_FAILED);
        return Status.fromCodeValue(part.getCode()).getCode() + " " + part.getError();
    }

    @Test
    void aDenialIsTheErrorOfOneRead() throws Exception {
        UUID hidden = repo("/data/hidden");
        UUID shown = repo("/data/shown");
        Authorizer some = (principal, action, scope) -> {
            if (scope.toString().contains("hidden")) {
                throw new AccessDeniedException(principal, action, scope);
            }
        };
        FeedClient client = FeedClient.of(serve(new Fixture(journal, Schedulers.immediate(), some)));
        client.send(FeedClient.open(1, FeedClient.repo(hidden), 9), FeedClient.open(2, FeedClient.repo(shown), 9));
        assertThat(text(client.end(1))).isEqualTo("PERMISSION_DENIED default deny");
        assertThat(client.events(1)).isEmpty();
        assertThat(client.end(2).getEnd()).isEqualTo(End.END_CAUGHT_UP);
        assertThat(client.events(2)).isEqualTo(stored(shown));
    }

    @Test
    void aReadWithoutCreditHoldsUpNoOther() throws Exception {
        UUID slow = repo("/data/a", 200, 10);
        UUID quick = repo("/data/b", 200, 10);
        FeedClient client = FeedClient.of(serve());
        client.send(FeedClient.open(1, FeedClient.repo(slow), 2), FeedClient.open(2, FeedClient.repo(quick), MANY));
        assertThat(client.end(2).getEnd()).isEqualTo(End.END_CAUGHT_UP);
        assertThat(client.events(2)).hasSize(201);
        assertThat(client.events(1)).hasSize(2);
        client.credit(1, 100);
        Awaitility.await().until(() -> client.events(1).size() == 102);
        client.credit(1, MANY);
        client.end(1);
        assertThat(client.events(1)).isEqualTo(stored(slow));
    }

    @Test
    void aCancelledReadSendsNoMoreAndTheOthersGoOn() throws Exception {
        UUID repo = repo("/data/a", 200, 10);
        FeedClient client = FeedClient.of(serve());
        client.send(FeedClient.open(1, FeedClient.repo(repo), 5));
        Awaitility.await().until(() -> client.events(1).size() == 5);
        client.cancel(1);
        client.credit(1, 100);
        client.send(FeedClient.open(2, FeedClient.repo(repo), MANY));
        client.end(2);
        assertThat(client.events(1)).hasSize(5);
        client.complete();
        assertThat(client.status().isOk()).isTrue();
    }

    @Test
    void moreReadsThanAllowedAreRefusedOneByOne() throws Exception {
        UUID repo = repo("/data/a");
        FeedClient client = FeedClient.of(serve(FeedLimits.DEFAULTS.withReads(2)));
        ReadStream stream = FeedClient.repo(repo);
        client.send(FeedClient.open(1, stream, 0), FeedClient.open(2, stream, 0), FeedClient.open(3, stream, 9));
        assertThat(text(client.end(3))).startsWith("RESOURCE_EXHAUSTED too many reads at a time");
        client.cancel(1);
        client.send(FeedClient.open(4, stream, 9));
        assertThat(client.end(4).getEnd()).isEqualTo(End.END_CAUGHT_UP);
    }

    @Test
    void readsThatAreNotNumberedUpwardsEndTheCall() throws Exception {
        FeedClient client = FeedClient.of(serve());
        client.send(FeedClient.open(3, FeedClient.registry(Fixture.REG), 9));
        client.end(3);
        client.send(FeedClient.open(3, FeedClient.registry(Fixture.REG), 9));
        assertThat(client.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void largeEventsAreSplitOverMessages() throws Exception {
        UUID repo = repo("/data/a", 40, BIG);
        FeedClient client = FeedClient.of(serve());
        client.send(FeedClient.open(1, FeedClient.repo(repo), MANY));
        client.end(1);
        assertThat(client.events(1)).isEqualTo(stored(repo));
        assertThat(client.messages).allMatch(message -> message.getSerializedSize() < 64 * 1024 + 2 * BIG);
    }

    @Test
    void aClientThatTakesNothingMakesTheServerHoldABoundedAmount() throws Exception {
        int reads = 60;
        UUID repo = repo("/data/a", 20, BIG);
        FeedClient client = FeedClient.byHand(serve(FeedLimits.DEFAULTS.withHeldBytes(200_000)));
        journal.delivered.set(0);
        for (int i = 1; i <= reads; i++) {
            client.send(FeedClient.open(i, FeedClient.repo(repo), MANY));
        }
        // The transport says so late that it is full, so some messages go out first; what follows is held.
        Awaitility.await().until(() -> journal.reads.size() >= reads);
        assertThat(journal.delivered.get()).isLessThan(4 * 21);
        client.take(MANY);
        Awaitility.await().atMost(Fixture.PATIENCE).until(() -> client.ended() == reads);
        assertThat(client.parts.stream().mapToInt(ReadPart::getEventsCount).sum())
                .isEqualTo(reads * 21);
    }

    @Test
    void theEndOfTheCallClosesItsReads() throws Exception {
        UUID repo = repo("/data/a", 200, 10);
        FeedClient client = FeedClient.of(serve());
        client.send(FeedClient.open(1, FeedClient.repo(repo), 1));
        Awaitility.await().until(() -> client.events(1).size() == 1);
        assertThat(journal.openReads()).isPositive();
        client.cancelCall();
        Awaitility.await().until(() -> journal.openReads() == 0);
    }

    @Test
    void theCallEndsAsUnavailableWhenTheServerGoesDown() throws Exception {
        FeedClient client = FeedClient.of(serve());
        client.send(FeedClient.open(1, FeedClient.registry(Fixture.REG), 0));
        fixture.registry.close();
        assertThat(client.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(client.status().getDescription()).isEqualTo("shutdown");
    }

    @Test
    void hundredsOfReadsComeThroughASocketWithASmallWindow() throws Exception {
        int atOnce = 100;
        UUID small = repo("/data/a", 7, 200);
        UUID large = repo("/data/b", 30, BIG);
        FeedClient client = FeedClient.of(serveOnSocket());
        for (int round = 0; round < 2; round++) {
            ReadOpen[] opens = new ReadOpen[atOnce];
            for (int i = 0; i < atOnce; i++) {
                opens[i] = FeedClient.open(round * atOnce + i + 1, FeedClient.repo(i == 0 ? large : small), 100);
            }
            client.send(opens);
            long due = (round + 1L) * atOnce;
            Awaitility.await().atMost(Fixture.PATIENCE).until(() -> client.ended() == due);
        }
        assertThat(client.parts.stream().mapToInt(ReadPart::getEventsCount).sum())
                .isEqualTo(2 * (31 + (atOnce - 1) * 8));
        assertThat(client.messages.size()).isLessThan(client.parts.size() / 2);
    }
}
