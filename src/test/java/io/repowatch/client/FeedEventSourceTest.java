package io.repowatch.client;

import static io.repowatch.client.ScriptedFeed.failed;
import static io.repowatch.client.ScriptedFeed.last;
import static io.repowatch.client.ScriptedFeed.next;
import static io.repowatch.client.ScriptedFeed.part;
import static io.repowatch.client.ScriptedFeed.position;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.repowatch.engine.Event;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.observer.RepoKey;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.LiveBroadcastGrpc;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoEventsO;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.v1.ChangesReply.Start;
import io.repowatch.wire.v1.ReadOpen;
import io.repowatch.wire.v1.ReadPart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The client of the feed against a server that does what the test says. */
class FeedEventSourceTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID TWO = new UUID(2, 2);
    private static final RepoKey KEY = new RepoKey(ONE);
    private static final RepoKey OTHER = new RepoKey(TWO);
    private static final Duration PATIENCE = Duration.ofSeconds(ScriptedFeed.PATIENCE_SECONDS);

    private final BlockingQueue<Wakeup> wakeups = new LinkedBlockingQueue<>();
    private final Disposable.Composite subscriptions = Disposables.composite();
    private ScriptedFeed server;
    private FeedEventSource source;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedFeed();
        source = source(server, Schedulers.parallel());
    }

    private static FeedEventSource source(ScriptedFeed to, Scheduler timer) {
        ClientConfig config = ClientConfig.builder()
                .backoff(Duration.ofMillis(1), Duration.ofMillis(10))
                .timer(timer)
                .build();
        return new FeedEventSource(to.channel(), config, new FeedFilter(List.of("exreg"), List.of("/a")));
    }

    @AfterEach
    void stop() throws Exception {
        subscriptions.dispose();
        server.close();
    }

    private void subscribe() {
        subscriptions.add(source.wakeups().subscribe(wakeups::add));
    }

    private ScriptedFeed.Changes begun() {
        subscribe();
        ScriptedFeed.Changes call = next(server.changes).begin(Start.START_NOW, 10);
        assertThat(next(wakeups)).isEqualTo(Wakeup.ALL);
        return call;
    }

    private Flux<Long> ids(RepoKey key, Vid after) {
        return source.read(key, after).map(event -> event.id().lo());
    }

    private BlockingQueue<Object> reading(RepoKey key) {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        subscriptions.add(ids(key, Vid.EPOCH).subscribe(seen::add, seen::add, () -> seen.add("end")));
        return seen;
    }

    @Test
    void theFirstMessageWakesAllAndOthersWhoTheyName() {
        subscribe();
        ScriptedFeed.Changes call = next(server.changes);
        assertThat(call.request.hasAfter()).isFalse();
        assertThat(call.request.getRegistriesList()).containsExactly("exreg");
        assertThat(call.request.getPrefixesList()).containsExactly("/a");
        assertThat(source.lossless()).isFalse();
        call.begin(Start.START_NOW, 10).changed(11, ONE, TWO).changed(12, ONE);
        assertThat(List.of(next(wakeups), next(wakeups), next(wakeups), next(wakeups)))
                .containsExactly(Wakeup.ALL, Wakeup.of(ONE), Wakeup.of(TWO), Wakeup.of(ONE));
        assertThat(source.lossless()).isTrue();
    }

    private List<Long> news(long after) {
        return source.news(KEY, new Vid(1, after))
                .map(event -> event.id().lo())
                .collectList()
                .block(PATIENCE);
    }

    private Wakeup bringing(ScriptedFeed.Changes call, long append, long... events) {
        call.brought(append, ONE, events);
        return next(wakeups);
    }

    /** Not what came with a wake-up, but what the server answers now. */
    private void assertIsRead(Flux<Event<RepoEvent>> events) {
        var read = events.count().toFuture();
        ScriptedFeed.Reads reads = next(server.reads);
        reads.send(last(next(reads.opened), 5, 6));
        assertThat(read).succeedsWithin(PATIENCE).isEqualTo(2L);
    }

    @Test
    void eventsThatComeWithTheirWakeUpAreNotReadAgain() {
        ScriptedFeed.Changes call = begun();
        assertThat(call.request.getEventBytes())
                .isEqualTo(ClientConfig.defaults().newsBytes());
        assertThat(bringing(call, 11, 5, 6)).isEqualTo(Wakeup.of(ONE));
        bringing(call, 12, 7);
        assertThat(news(4)).containsExactly(5L, 6L, 7L);
        assertThat(server.reads).isEmpty();
    }

    @Test
    void whatCameNotWithItsWakeUpIsRead() {
        ScriptedFeed.Changes call = begun();
        bringing(call, 11, 5);
        call.changed(12, ONE);
        assertThat(next(wakeups)).isEqualTo(Wakeup.of(ONE));
        assertIsRead(source.news(KEY, new Vid(1, 4)));
    }

    @Test
    void newsThatIsEmptyIsRead() {
        ScriptedFeed.Changes call = begun();
        bringing(call, 11, 5);
        bringing(call, 12);
        assertIsRead(source.news(KEY, new Vid(1, 4)));
    }

    @Test
    void aReadDoesNotTakeWhatCameWithAWakeUpForAllThereIs() {
        bringing(begun(), 11, 5);
        assertIsRead(source.read(KEY, new Vid(1, 4)));
    }

    @Test
    void afterADoubtNothingThatCameBeforeIsBelieved() {
        ScriptedFeed.Changes call = begun();
        bringing(call, 11, 5);
        call.fail(Status.UNAVAILABLE);
        next(server.changes).begin(Start.START_POSITION_TOO_OLD, 20);
        assertThat(next(wakeups)).isEqualTo(Wakeup.ALL);
        assertIsRead(source.news(KEY, new Vid(1, 4)));
    }

    @Test
    void aBrokenCallIsGoneOnWithFromTheLastPositionAndWakesOnlyWhatHasChanged() {
        ScriptedFeed.Changes call = begun().changed(11, ONE);
        assertThat(next(wakeups)).isEqualTo(Wakeup.of(ONE));
        call.fail(Status.UNAVAILABLE);
        ScriptedFeed.Changes again = next(server.changes);
        assertThat(again.request.getAfter()).isEqualTo(position(11));
        assertThat(again.request.getRegistriesList()).containsExactly("exreg");
        assertThat(source.lossless()).isTrue();
        again.begin(Start.START_RESUMED, 11).changed(14, TWO);
        assertThat(next(wakeups)).isEqualTo(Wakeup.of(TWO));
        again.fail(Status.UNAVAILABLE);
        assertThat(next(server.changes).request.getAfter()).isEqualTo(position(14));
        assertThat(wakeups).isEmpty();
    }

    @Test
    void aPositionThatIsTooOldOrOfAnotherJournalWakesAll() {
        ScriptedFeed.Changes call = begun();
        for (Start start : List.of(Start.START_POSITION_TOO_OLD, Start.START_UNKNOWN_POSITION)) {
            call.fail(Status.UNAVAILABLE);
            call = next(server.changes).begin(start, 5);
            assertThat(next(wakeups)).as("%s", start).isEqualTo(Wakeup.ALL);
        }
        call.fail(Status.UNAVAILABLE);
        assertThat(next(server.changes).request.getAfter()).isEqualTo(position(5));
    }

    @Test
    void aNewSubscriberBeginsAnew() {
        Disposable first = source.wakeups().subscribe(wakeups::add);
        next(server.changes).begin(Start.START_NOW, 10);
        assertThat(next(wakeups)).isEqualTo(Wakeup.ALL);
        first.dispose();
        subscribe();
        assertThat(next(server.changes).request.hasAfter()).isFalse();
    }

    @Test
    void cancellingTheWakeupsCancelsTheCall() throws Exception {
        Disposable subscription = source.wakeups().subscribe(wakeups::add);
        ScriptedFeed.Changes call = next(server.changes).begin(Start.START_NOW, 1);
        assertThat(next(wakeups)).isEqualTo(Wakeup.ALL);
        subscription.dispose();
        assertThat(call.cancelled.await(ScriptedFeed.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void readsShareOneCall() {
        begun();
        BlockingQueue<Object> first = reading(KEY);
        BlockingQueue<Object> second = reading(OTHER);
        ScriptedFeed.Reads call = next(server.reads);
        ReadOpen one = next(call.opened);
        ReadOpen two = next(call.opened);
        assertThat(two.getRead()).isGreaterThan(one.getRead());
        assertThat(one.getStream().getRepo().toByteArray()).hasSize(16);
        call.send(part(one, 1, 2), part(two, 7));
        call.send(last(two, 8), last(one, 3));
        assertThat(List.of(next(first), next(first), next(first), next(first))).containsExactly(1L, 2L, 3L, "end");
        assertThat(List.of(next(second), next(second), next(second))).containsExactly(7L, 8L, "end");
        assertThat(server.reads).isEmpty();
    }

    @Test
    void anEventIsWhatTheOtherSourceWouldMakeOfIt() {
        begun();
        List<Event<RepoEvent>> events = new ArrayList<>();
        var read = source.read(KEY, new Vid(1, 4)).doOnNext(events::add).then().toFuture();
        ScriptedFeed.Reads call = next(server.reads);
        ReadOpen open = next(call.opened);
        assertThat(open.getAfter().toByteArray()).isEqualTo(new Vid(1, 4).toBytes());
        call.send(last(open, 5));
        assertThat(read).succeedsWithin(PATIENCE);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).parent()).isEqualTo(new Vid(1, 4));
        assertThat(events.get(0).body().getEvent()).isEqualTo(RepoEvent.Type.EV_FSO_REPO_INIT_STARTED);
    }

    @Test
    void aSlowSubscriberHoldsUpNoOtherAndIsSentNoMoreThanItsWindow() {
        begun();
        List<Long> slow = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(1);
        BaseSubscriber<Long> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Long value) {
                slow.add(value);
            }

            @Override
            protected void hookOnComplete() {
                ended.countDown();
            }
        };
        ids(KEY, Vid.EPOCH).subscribe(subscriber);
        ScriptedFeed.Reads call = next(server.reads);
        ReadOpen open = next(call.opened);
        int window = open.getCredit();
        call.send(part(open, LongStream.rangeClosed(1, window).toArray()));

        BlockingQueue<Object> quick = reading(OTHER);
        call.send(last(next(call.opened), 1));
        assertThat(List.of(next(quick), next(quick))).containsExactly(1L, "end");
        assertThat(slow).isEmpty();
        assertThat(call.credits).isEmpty();

        subscriber.request(window / 2);
        assertThat(slow).hasSize(window / 2);
        assertThat(next(call.credits)).isEqualTo(window / 2);
        call.send(last(open, window + 1));
        subscriber.requestUnbounded();
        assertThat(ended)
                .satisfies(latch -> assertThat(latch.await(ScriptedFeed.PATIENCE_SECONDS, TimeUnit.SECONDS))
                        .isTrue());
        assertThat(slow)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, window + 1).boxed().toList());
    }

    @Test
    void moreThanTheWindowIsAnError() {
        begun();
        BlockingQueue<Object> seen = reading(KEY);
        ScriptedFeed.Reads call = next(server.reads);
        ReadOpen open = next(call.opened);
        call.send(part(open, LongStream.rangeClosed(1, open.getCredit() + 1).toArray()));
        assertThat(next(seen)).isInstanceOf(MalformedDataException.class);
        assertThat(next(call.cancels)).isEqualTo(open.getRead());
    }

    @Test
    void cancellingAReadClosesItAtTheServerAndNotTheOthers() {
        begun();
        Disposable read = ids(KEY, Vid.EPOCH).subscribe();
        BlockingQueue<Object> other = reading(OTHER);
        ScriptedFeed.Reads call = next(server.reads);
        ReadOpen one = next(call.opened);
        ReadOpen two = next(call.opened);
        read.dispose();
        assertThat(next(call.cancels)).isEqualTo(one.getRead());
        call.send(part(one, 1), last(two, 2));
        assertThat(List.of(next(other), next(other))).containsExactly(2L, "end");
    }

    @Test
    void eachReadHasItsOwnError() {
        begun();
        Vid after = new Vid(1, 9);
        BlockingQueue<Object> errors = new LinkedBlockingQueue<>();
        for (int i = 0; i < 4; i++) {
            subscriptions.add(ids(KEY, after).subscribe(errors::add, errors::add, () -> errors.add("end")));
        }
        ScriptedFeed.Reads call = next(server.reads);
        call.send(failed(next(call.opened), Status.Code.OUT_OF_RANGE, "x: finding start failed: not found"));
        assertThat(next(errors)).isInstanceOf(PositionUnknownException.class);
        call.send(failed(next(call.opened), Status.Code.NOT_FOUND, "repos error: uninitialized repo"));
        assertThat(next(errors)).isEqualTo("end");
        call.send(failed(next(call.opened), Status.Code.PERMISSION_DENIED, "default deny"));
        assertThat(next(errors))
                .isInstanceOfSatisfying(
                        TransportException.class,
                        error -> assertThat(error.code()).isEqualTo("PERMISSION_DENIED"));
        ReadOpen open = next(call.opened);
        call.send(ReadPart.newBuilder().setRead(open.getRead()).addEvents(ByteString.copyFromUtf8("no event")));
        assertThat(next(errors)).isInstanceOf(MalformedDataException.class);
        assertThat(server.reads).isEmpty();
    }

    @Test
    void aCallThatIsCutInTheMiddleFailsItsReadsAndTheNextReadMakesANewOne() {
        begun();
        BlockingQueue<Object> seen = reading(KEY);
        BlockingQueue<Object> other = reading(OTHER);
        ScriptedFeed.Reads call = next(server.reads);
        call.send(part(next(call.opened), 1, 2));
        assertThat(List.of(next(seen), next(seen))).containsExactly(1L, 2L);
        call.fail(Status.UNAVAILABLE);
        assertThat(next(seen)).isInstanceOf(TransportException.class);
        assertThat(next(other)).isInstanceOf(TransportException.class);

        BlockingQueue<Object> again = reading(KEY);
        ScriptedFeed.Reads second = next(server.reads);
        second.send(last(next(second.opened), 1));
        assertThat(List.of(next(again), next(again))).containsExactly(1L, "end");
        assertThat(wakeups).isEmpty();
    }

    @Test
    void aReadThatStaysSilentFailsAlone() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        source = source(server, time);
        begun();
        BlockingQueue<Object> silent = reading(KEY);
        BlockingQueue<Object> lively = reading(OTHER);
        ScriptedFeed.Reads call = next(server.reads);
        ReadOpen one = next(call.opened);
        ReadOpen two = next(call.opened);
        time.advanceTimeBy(Duration.ofSeconds(20));
        call.send(part(two, 1));
        assertThat(next(lively)).isEqualTo(1L);
        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(next(silent))
                .isInstanceOfSatisfying(
                        TransportException.class,
                        error -> assertThat(error.code()).isEqualTo("DEADLINE_EXCEEDED"));
        assertThat(next(call.cancels)).isEqualTo(one.getRead());
        call.send(last(two, 2));
        assertThat(List.of(next(lively), next(lively))).containsExactly(2L, "end");
    }

    @Test
    void anotherKindOfKeyIsRefused() {
        begun();
        StepVerifier.create(source.read(
                        new StreamKey<String>() {
                            @Override
                            public UUID entity() {
                                return ONE;
                            }

                            @Override
                            public StreamClass streamClass() {
                                return StreamClass.REPO;
                            }
                        },
                        Vid.EPOCH))
                .expectError(IllegalArgumentException.class)
                .verify(PATIENCE);
    }

    @Test
    void withoutFeedTheCompatibleServicesAreUsedUntilTheConnectionBreaks() throws Exception {
        BlockingQueue<StreamObserver<AggregateSignalsO>> signals = new LinkedBlockingQueue<>();
        BlockingQueue<RepoEventsI> compatibleReads = new LinkedBlockingQueue<>();
        try (ScriptedFeed old = new ScriptedFeed(new Signals(signals), new Repos(compatibleReads))) {
            source = source(old, Schedulers.parallel());
            subscribe();
            next(old.changes).fail(Status.UNIMPLEMENTED);
            StreamObserver<AggregateSignalsO> call = next(signals);
            call.onNext(AggregateSignalsO.getDefaultInstance());
            assertThat(next(wakeups)).isEqualTo(Wakeup.ALL);
            assertThat(source.lossless()).isFalse();
            StepVerifier.create(ids(KEY, Vid.EPOCH))
                    .expectNext(1L)
                    .expectComplete()
                    .verify(PATIENCE);
            assertThat(compatibleReads).hasSize(1);
            assertThat(old.reads).isEmpty();

            call.onError(Status.UNAVAILABLE.asRuntimeException());
            ScriptedFeed.Changes newer = next(old.changes);
            assertThat(newer.request.hasAfter()).isFalse();
            newer.begin(Start.START_NOW, 3);
            assertThat(next(wakeups)).isEqualTo(Wakeup.ALL);
            assertThat(source.lossless()).isTrue();
            newer.fail(Status.UNAVAILABLE);
            next(old.changes).fail(Status.UNIMPLEMENTED);
            next(signals).onNext(AggregateSignalsO.getDefaultInstance());
            assertThat(next(wakeups)).isEqualTo(Wakeup.ALL);
            assertThat(source.lossless()).isFalse();
            subscriptions.dispose();
        }
    }

    private static final class Signals extends LiveBroadcastGrpc.LiveBroadcastImplBase {
        private final BlockingQueue<StreamObserver<AggregateSignalsO>> calls;

        Signals(BlockingQueue<StreamObserver<AggregateSignalsO>> calls) {
            this.calls = calls;
        }

        @Override
        public void aggregateSignals(AggregateSignalsI request, StreamObserver<AggregateSignalsO> client) {
            calls.add(client);
        }
    }

    private static final class Repos extends ReposGrpc.ReposImplBase {
        private final BlockingQueue<RepoEventsI> calls;

        Repos(BlockingQueue<RepoEventsI> calls) {
            this.calls = calls;
        }

        @Override
        public void events(RepoEventsI request, StreamObserver<RepoEventsO> client) {
            calls.add(request);
            try {
                client.onNext(RepoEventsO.newBuilder()
                        .addEvents(RepoEvent.parseFrom(ScriptedFeed.event(1)))
                        .build());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
            client.onCompleted();
        }
    }
}
