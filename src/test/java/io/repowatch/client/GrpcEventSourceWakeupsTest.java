package io.repowatch.client;

import static io.repowatch.client.ForeignServer.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.observer.RepoKey;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** Wake-ups from a foreign server that confirms or does not, ends, fails, forgets, or has no signals at all. */
class GrpcEventSourceWakeupsTest {
    private static final String SIGNALS = "nogfso.LiveBroadcast/AggregateSignals";
    private static final String REPO_EVENTS = "nogfso.Repos/Events";
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID TWO = new UUID(2, 2);
    private static final UUID THREE = new UUID(3, 3);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration CONFIRM = Duration.ofMillis(1_111);
    private static final Duration POLL = Duration.ofMillis(1_333);
    private static final Duration PATIENCE = Duration.ofSeconds(ForeignServer.PATIENCE_SECONDS);

    private final CountedTimer timer = new CountedTimer();
    private final BlockingQueue<Wakeup> wakeups = new LinkedBlockingQueue<>();
    private final AtomicInteger ends = new AtomicInteger();
    private ForeignServer server;
    private GrpcEventSource source;
    private Disposable subscription = Disposables.disposed();

    @BeforeEach
    void start() throws Exception {
        server = new ForeignServer();
        source = source(0);
    }

    @AfterEach
    void stop() throws Exception {
        subscription.dispose();
        server.close();
        assertThat(ends).as("completions and errors of the wake-ups").hasValue(0);
    }

    @Test
    void selectsWhatAnObserverFollows() throws Exception {
        subscribe();

        assertThat((List<?>) server.next(SIGNALS).asked("select_aggregates"))
                .extracting(value -> ((EnumValueDescriptor) value).getName())
                .containsExactlyInAnyOrder("AS_REGISTRY", "AS_REPO", "AS_WORKFLOW", "AS_EPHEMERAL_WORKFLOW");
    }

    @Test
    void headersConfirmAtOnce() throws Exception {
        subscribe();
        server.next(SIGNALS).headers();

        assertThat(take()).isEqualTo(Wakeup.ALL);
        timer.advanceTimeBy(Duration.ofHours(1));
        nothingMore();
    }

    @Test
    void anEmptyMessageConfirmsAtOnce() throws Exception {
        subscribe();
        server.next(SIGNALS).send(message("AggregateSignalsO")).send(signals(ONE));

        assertThat(take()).isEqualTo(Wakeup.ALL);
        assertThat(take()).isEqualTo(Wakeup.of(ONE));
        nothingMore();
    }

    @Test
    void aServerThatNeverConfirmsIsBelievedAfterTheTimeoutOnce() throws Exception {
        subscribe();
        server.next(SIGNALS);

        awaitTimer(CONFIRM);
        timer.advanceTimeBy(CONFIRM.minusMillis(1));
        assertThat(wakeups).isEmpty();
        timer.advanceTimeBy(Duration.ofMillis(1));
        assertThat(take()).isEqualTo(Wakeup.ALL);
        timer.advanceTimeBy(Duration.ofHours(1));
        nothingMore();
    }

    @Test
    void everythingIsLookedAtAgainWhenTheConfirmationComesLate() throws Exception {
        subscribe();
        ForeignServer.Exchange call = server.next(SIGNALS);
        awaitTimer(CONFIRM);
        timer.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(take()).isEqualTo(Wakeup.ALL);

        call.send(signals(ONE, TWO)).send(signals(ONE));

        assertThat(take()).isEqualTo(Wakeup.ALL);
        assertThat(List.of(take(), take(), take())).containsExactly(Wakeup.of(ONE), Wakeup.of(TWO), Wakeup.of(ONE));
        nothingMore();
    }

    @Test
    void everySignalWakesItsEntityWhateverElseItSays() throws Exception {
        subscribe();
        server.next(SIGNALS)
                .send(message(
                        "AggregateSignalsO",
                        "signals",
                        List.of(
                                message("AggregateSignal", "aggregate_type", 3, "signals", 1, "entity_id", wire(ONE)),
                                message("AggregateSignal", "aggregate_type", 42, "signals", 8, "entity_id", wire(TWO)),
                                message("AggregateSignal", "entity_id", wire(THREE)))));

        assertThat(List.of(take(), take(), take(), take()))
                .containsExactly(Wakeup.ALL, Wakeup.of(ONE), Wakeup.of(TWO), Wakeup.of(THREE));
    }

    @Test
    void aMalformedSignalIsSkippedAndTheStreamGoesOn() throws Exception {
        subscribe();
        server.next(SIGNALS)
                .send(message(
                        "AggregateSignalsO",
                        "signals",
                        List.of(
                                message("AggregateSignal", "entity_id", ByteString.copyFromUtf8("short")),
                                message("AggregateSignal"),
                                message("AggregateSignal", "entity_id", wire(ONE)))))
                .send(signals(TWO));

        assertThat(List.of(take(), take(), take())).containsExactly(Wakeup.ALL, Wakeup.of(ONE), Wakeup.of(TWO));
        nothingMore();
    }

    @Test
    void signalsThatTheServerDropsAreNotInventedAndTheSourceSaysThatTheyCanBeLost() throws Exception {
        subscribe();
        server.next(SIGNALS).send(signals(ONE));

        assertThat(List.of(take(), take())).containsExactly(Wakeup.ALL, Wakeup.of(ONE));
        nothingMore();
        assertThat(source.lossless()).isFalse();
    }

    @Test
    void subscribesAgainWithEverythingAfterAnyKindOfEnd() throws Exception {
        subscribe();
        List<Status> endings = List.of(
                Status.OK,
                Status.UNAVAILABLE.withDescription("shutdown"),
                Status.RESOURCE_EXHAUSTED.withDescription("too many pending signals"),
                Status.UNKNOWN.withDescription("default deny"));
        long pause = 1000;
        for (Status ending : endings) {
            server.next(SIGNALS).send(signals(ONE)).fail(ending);
            assertThat(List.of(take(), take())).containsExactly(Wakeup.ALL, Wakeup.of(ONE));
            theNextAttemptComesAfter(pause);
            pause *= 2;
        }
        server.next(SIGNALS).headers();
        assertThat(take()).isEqualTo(Wakeup.ALL);
        nothingMore();
    }

    @Test
    void thePauseDoublesToItsLimitLessAPartAtRandom() throws Exception {
        source = source(0.5);
        subscribe();
        for (long pause : List.of(750, 1500, 3000, 6000, 12000, 24000, 45000, 45000)) {
            server.next(SIGNALS).fail(Status.UNAVAILABLE);
            theNextAttemptComesAfter(pause);
        }
        nothingMore();
    }

    @Test
    void aSubscriptionThatLastedIsMadeAgainSoonAndThenWithTheFirstPause() throws Exception {
        subscribe();
        for (long pause : List.of(1000, 2000, 4000)) {
            server.next(SIGNALS).headers().fail(Status.UNAVAILABLE);
            assertThat(take()).isEqualTo(Wakeup.ALL);
            theNextAttemptComesAfter(pause);
        }
        ForeignServer.Exchange lasting = server.next(SIGNALS).headers();
        assertThat(take()).isEqualTo(Wakeup.ALL);
        timer.advanceTimeBy(Duration.ofSeconds(60));
        lasting.fail(Status.UNAVAILABLE);
        theNextAttemptComesAfter(100);
        server.next(SIGNALS).headers().fail(Status.UNAVAILABLE);
        assertThat(take()).isEqualTo(Wakeup.ALL);
        theNextAttemptComesAfter(1000);
        server.next(SIGNALS);
    }

    @Test
    void aServerThatComesBackIsFoundAgain() throws Exception {
        subscribe();
        server.next(SIGNALS).headers();
        assertThat(take()).isEqualTo(Wakeup.ALL);
        int port = server.address().getPort();
        server.stop();
        // Some attempts against nothing, each with its pause.
        awaitTimer(Duration.ofSeconds(1));
        timer.advanceTimeBy(Duration.ofSeconds(1));
        for (int pause : List.of(2, 4, 8, 16, 32, 60, 60)) {
            awaitTimer(CONNECT);
            timer.advanceTimeBy(CONNECT);
            awaitTimer(Duration.ofSeconds(pause));
            timer.advanceTimeBy(Duration.ofSeconds(pause));
        }
        nothingMore();

        try (ForeignServer again = new ForeignServer(port)) {
            await().atMost(PATIENCE).until(() -> {
                timer.advanceTimeBy(Duration.ofSeconds(1));
                return again.waiting(SIGNALS) > 0;
            });
            again.next(SIGNALS).send(signals(TWO));

            await().atMost(PATIENCE).until(() -> wakeups.contains(Wakeup.of(TWO)));
            assertThat(wakeups).contains(Wakeup.ALL);
            subscription.dispose();
        }
    }

    @Test
    void everyAttemptMakesTheChannelForgetItsOwnBackOff() throws Exception {
        AtomicInteger resets = new AtomicInteger();
        source = source(new CountingChannel(server.channel(), resets), 0);
        subscribe();
        server.next(SIGNALS).fail(Status.UNAVAILABLE);
        theNextAttemptComesAfter(1000);
        server.next(SIGNALS);

        assertThat(resets).hasValue(2);
    }

    @Test
    void cancellingCancelsTheCallAndEveryTimer() throws Exception {
        subscribe();
        ForeignServer.Exchange call = server.next(SIGNALS);

        subscription.dispose();

        assertThat(call.awaitCancelled()).isTrue();
        assertThat(timer.waiting()).isZero();
        timer.advanceTimeBy(Duration.ofHours(1));
        assertThat(wakeups).isEmpty();
        assertThat(server.waiting(SIGNALS)).isZero();
    }

    @Test
    void cancellingDuringThePauseEndsThePause() throws Exception {
        subscribe();
        server.next(SIGNALS).fail(Status.UNAVAILABLE);
        awaitTimer(Duration.ofSeconds(1));

        subscription.dispose();

        assertThat(timer.waiting()).isZero();
    }

    @Test
    void withoutSignalsEverythingIsPolled() throws Exception {
        server.lacks(SIGNALS);
        subscribe();
        for (int i = 0; i < 5; i++) {
            assertThat(take()).as("poll %d", i).isEqualTo(Wakeup.ALL);
            nothingMore();
            awaitTimer(POLL);
            timer.advanceTimeBy(POLL.minusMillis(1));
            nothingMore();
            timer.advanceTimeBy(Duration.ofMillis(1));
        }
    }

    @Test
    void theNextPollWaitsForThePassBefore() throws Exception {
        server.lacks(SIGNALS);
        server.always(REPO_EVENTS, ForeignServer.Exchange::end);
        subscribe();
        assertThat(take()).isEqualTo(Wakeup.ALL);
        awaitTimer(POLL);
        for (int i = 0; i < 10; i++) {
            source.read(new RepoKey(new UUID(9, i)), Vid.EPOCH).blockLast(PATIENCE);
            timer.advanceTimeBy(POLL.minusMillis(100));
            nothingMore();
        }
        timer.advanceTimeBy(Duration.ofMillis(100));
        assertThat(take()).isEqualTo(Wakeup.ALL);
    }

    @Test
    void aReadThatHangsOrIsRepeatedDelaysNoPoll() throws Exception {
        server.lacks(SIGNALS);
        subscribe();
        assertThat(take()).isEqualTo(Wakeup.ALL);
        awaitTimer(POLL);
        Disposable hanging = source.read(new RepoKey(ONE), Vid.EPOCH).subscribe();
        server.next(REPO_EVENTS);
        timer.advanceTimeBy(POLL.minusMillis(100));
        Disposable repeated = source.read(new RepoKey(ONE), Vid.EPOCH).subscribe();
        server.next(REPO_EVENTS);
        timer.advanceTimeBy(Duration.ofMillis(100));

        assertThat(take()).isEqualTo(Wakeup.ALL);
        hanging.dispose();
        repeated.dispose();
    }

    @Test
    void signalsAreTriedAgainWhilePolling() throws Exception {
        server.lacks(SIGNALS);
        subscribe();
        assertThat(take()).isEqualTo(Wakeup.ALL);
        awaitTimer(POLL);
        server.offers(SIGNALS);
        for (int i = 0; i < 45; i++) {
            awaitTimer(POLL);
            timer.advanceTimeBy(POLL);
            assertThat(take()).isEqualTo(Wakeup.ALL);
        }
        assertThat(server.waiting(SIGNALS)).isZero();
        awaitTimer(POLL);
        timer.advanceTimeBy(POLL);

        server.next(SIGNALS).send(signals(ONE));

        assertThat(List.of(take(), take())).containsExactly(Wakeup.ALL, Wakeup.of(ONE));
        nothingMore();
    }

    private GrpcEventSource source(double jitter) {
        return source(server.channel(), jitter);
    }

    private GrpcEventSource source(ManagedChannel channel, double jitter) {
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public double nextDouble() {
                return jitter;
            }
        };
        return new GrpcEventSource(
                channel,
                ClientConfig.builder()
                        .connectTimeout(CONNECT)
                        .confirmTimeout(CONFIRM)
                        .pollInterval(POLL)
                        .timer(timer)
                        .random(random)
                        .build());
    }

    private void subscribe() {
        subscription = source.wakeups().subscribe(wakeups::add, error -> ends.incrementAndGet(), ends::incrementAndGet);
    }

    private Wakeup take() throws InterruptedException {
        Wakeup wakeup = wakeups.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(wakeup).as("a wake-up").isNotNull();
        return wakeup;
    }

    private void nothingMore() {
        assertThat(wakeups).isEmpty();
    }

    private void theNextAttemptComesAfter(long millis) {
        awaitTimer(Duration.ofMillis(millis));
        timer.advanceTimeBy(Duration.ofMillis(millis - 1));
        assertThat(server.waiting(SIGNALS)).isZero();
        assertThat(timer.waitsFor(Duration.ofMillis(millis)))
                .as("the pause is not over")
                .isTrue();
        timer.advanceTimeBy(Duration.ofMillis(1));
        await().atMost(PATIENCE).until(() -> server.waiting(SIGNALS) == 1);
    }

    /** The source reacts on its own threads; only when it waits does virtual time mean something. */
    private void awaitTimer(Duration delay) {
        await().atMost(PATIENCE).until(() -> timer.waitsFor(delay));
    }

    private static DynamicMessage signals(UUID... entities) {
        return message(
                "AggregateSignalsO",
                "signals",
                Stream.of(entities)
                        .map(entity -> message(
                                "AggregateSignal", "aggregate_type", 3, "signals", 1, "entity_id", wire(entity)))
                        .toList());
    }

    private static ByteString wire(UUID id) {
        return ByteString.copyFrom(EntityIds.toBytes(id));
    }

    /** Counts how often the channel is told to connect without waiting. */
    private static final class CountingChannel extends ManagedChannel {
        private final ManagedChannel channel;
        private final AtomicInteger resets;

        private CountingChannel(ManagedChannel channel, AtomicInteger resets) {
            this.channel = channel;
            this.resets = resets;
        }

        @Override
        public void resetConnectBackoff() {
            resets.incrementAndGet();
            channel.resetConnectBackoff();
        }

        @Override
        public <I, O> ClientCall<I, O> newCall(MethodDescriptor<I, O> method, CallOptions options) {
            return channel.newCall(method, options);
        }

        @Override
        public String authority() {
            return channel.authority();
        }

        @Override
        public ManagedChannel shutdown() {
            return channel.shutdown();
        }

        @Override
        public ManagedChannel shutdownNow() {
            return channel.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return channel.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return channel.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return channel.awaitTermination(timeout, unit);
        }
    }
}
