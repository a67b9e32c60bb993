package io.repowatch.client;

import static io.repowatch.client.ForeignServer.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Status;
import io.repowatch.engine.Event;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.observer.IndexKey;
import io.repowatch.observer.RegistryKey;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.WorkflowKey;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** Reads from a foreign server that behaves in every way the contract allows, and in some that it does not. */
class GrpcEventSourceReadTest {
    private static final String REPO_EVENTS = "nogfso.Repos/Events";
    private static final UUID REPO = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final UUID WORKFLOW = UUID.fromString("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
    private static final RepoKey KEY = new RepoKey(REPO);
    private static final Duration PATIENCE = Duration.ofSeconds(ForeignServer.PATIENCE_SECONDS);

    private final CountedTimer timer = new CountedTimer();
    private ForeignServer server;
    private GrpcEventSource source;

    @BeforeEach
    void start() throws Exception {
        server = new ForeignServer();
        source = new GrpcEventSource(
                server.channel(),
                ClientConfig.builder().timer(timer).prefetch(4).build());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static Stream<Arguments> streams() {
        ByteString repo = bytes(REPO);
        ByteString workflow = bytes(WORKFLOW);
        return Stream.of(
                Arguments.of(
                        new RegistryKey("exreg"), "nogfso.Registry/Events", "Registry", Map.of("registry", "exreg")),
                Arguments.of(KEY, REPO_EVENTS, "Repo", Map.of("repo", repo)),
                Arguments.of(
                        new IndexKey("exreg"),
                        "nogfso.EphemeralRegistry/RegistryWorkflowIndexEvents",
                        "RegistryWorkflowIndex",
                        Map.of("registry", "exreg")),
                Arguments.of(
                        new WorkflowKey(new WorkflowKey.OfRepo(REPO), WORKFLOW),
                        "nogfso.Repos/WorkflowEvents",
                        "RepoWorkflow",
                        Map.of("repo", repo, "workflow", workflow)),
                Arguments.of(
                        new WorkflowKey(new WorkflowKey.OfRegistry("exreg"), WORKFLOW),
                        "nogfso.EphemeralRegistry/RegistryWorkflowEvents",
                        "RegistryWorkflow",
                        Map.of("registry", "exreg", "workflow", workflow)));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("streams")
    void readsEveryKindOfStreamWithoutWatching(
            StreamKey<?> key, String rpc, String prefix, Map<String, Object> request) {
        String event = prefix.contains("Workflow") ? "WorkflowEvent" : prefix + "Event";
        for (Vid after : List.of(Vid.EPOCH, vid(7))) {
            StepVerifier.create(source.read(key, after).map(Event::id).cast(Vid.class))
                    .then(() -> {
                        ForeignServer.Exchange call = take(rpc);
                        request.forEach((field, value) ->
                                assertThat(call.asked(field)).as(field).isEqualTo(value));
                        assertThat(call.asked("watch")).isEqualTo(false);
                        assertThat(call.asked("after"))
                                .isEqualTo(after.isEpoch() ? ByteString.EMPTY : ByteString.copyFrom(after.toBytes()));
                        call.send(message(prefix + "EventsO", "events", List.of(event(event, 8, 7))));
                        call.send(message(prefix + "EventsO", "events", List.of(event(event, 9, 8))));
                        call.end();
                    })
                    .expectNext(vid(8), vid(9))
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @Test
    void anEmptyStreamCompletes() {
        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .then(() -> take(REPO_EVENTS).end())
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void readsManyEventsInOneMessageAndOneInEach() {
        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .then(() -> take(REPO_EVENTS)
                        .send(repoEvents(1, 2, 3))
                        .send(message("RepoEventsO"))
                        .send(repoEvents(4))
                        .send(repoEvents(5, 6))
                        .end())
                .expectNextMatches(event -> event.id().equals(vid(1)) && Vid.EPOCH.equals(event.parent()))
                .expectNextMatches(event -> event.id().equals(vid(2)) && vid(1).equals(event.parent()))
                .expectNextMatches(event -> event.id().equals(vid(3)) && vid(2).equals(event.parent()))
                .expectNextMatches(event -> event.id().equals(vid(4)) && vid(3).equals(event.parent()))
                .expectNextMatches(event -> event.id().equals(vid(5)))
                .expectNextMatches(event -> event.id().equals(vid(6)))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void passesEventsOfUnknownTypesOnWithAllTheirFields() {
        UnknownFieldSet newer = UnknownFieldSet.newBuilder()
                .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        DynamicMessage unknown = message("RegistryEvent", "event", 9999, "id", wire(1), "parent", wire(0)).toBuilder()
                .setUnknownFields(newer)
                .build();
        StepVerifier.create(source.read(new RegistryKey("exreg"), Vid.EPOCH).map(Event::body))
                .then(() -> take("nogfso.Registry/Events")
                        .send(message("RegistryEventsO", "events", List.of(unknown, event("RegistryEvent", 2, 1))))
                        .end())
                .assertNext(body -> {
                    assertThat(body.getEvent()).isEqualTo(RegistryEvent.Type.UNRECOGNIZED);
                    assertThat(body.toByteString()).isEqualTo(unknown.toByteString());
                })
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aMessageThatWouldBlockEndsTheReadAndTheCall() throws Exception {
        StepVerifier.create(source.read(KEY, Vid.EPOCH).map(Event::id))
                .then(() -> take(REPO_EVENTS)
                        .send(repoEvents(1))
                        .send(message("RepoEventsO", "events", List.of(event("RepoEvent", 2, 1)), "will_block", true)))
                .expectNext(vid(1), vid(2))
                .expectComplete()
                .verify(PATIENCE);

        StepVerifier.create(source.read(KEY, vid(2)))
                .then(() -> take(REPO_EVENTS).send(message("RepoEventsO", "will_block", true)))
                .expectComplete()
                .verify(PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"UNKNOWN", "OUT_OF_RANGE", "NOT_FOUND"})
    void aRefusedPositionIsRecognisedByItsText(Status.Code code) {
        Status refusal = code.toStatus().withDescription("repo journal error: db: finding start failed: not found");
        StepVerifier.create(source.read(KEY, vid(7)))
                .then(() -> take(REPO_EVENTS).fail(refusal))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(PositionUnknownException.class)
                        .hasMessageContaining(vid(7).toString()))
                .verify(PATIENCE);
        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .then(() -> take(REPO_EVENTS).fail(refusal))
                .expectError(TransportException.class)
                .verify(PATIENCE);
    }

    @Test
    void anUnknownRepoIsAnEmptyStream() {
        for (Status.Code code : List.of(Status.Code.UNKNOWN, Status.Code.NOT_FOUND)) {
            StepVerifier.create(source.read(KEY, Vid.EPOCH))
                    .then(() ->
                            take(REPO_EVENTS).fail(code.toStatus().withDescription("repos error: uninitialized repo")))
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    @ParameterizedTest(name = "after {0} events")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 9, 10})
    void whatCameBeforeAFailureIsDelivered(int events) {
        StepVerifier.create(source.read(KEY, Vid.EPOCH).map(Event::id))
                .then(() -> {
                    ForeignServer.Exchange call = take(REPO_EVENTS);
                    LongStream.rangeClosed(1, events).forEach(n -> call.send(repoEvents(n)));
                    call.fail(Status.UNAVAILABLE.withDescription("shutdown"));
                })
                .expectNextSequence(LongStream.rangeClosed(1, events)
                        .mapToObj(GrpcEventSourceReadTest::vid)
                        .toList())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                failure -> assertThat(failure.code()).isEqualTo("UNAVAILABLE"))
                        .hasMessageContaining(REPO.toString())
                        .hasMessageContaining("shutdown"))
                .verify(PATIENCE);
    }

    @ParameterizedTest(name = "after {0} events")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 9, 10})
    void anEarlyEndIsAnEnd(int events) {
        StepVerifier.create(source.read(KEY, Vid.EPOCH).map(Event::id))
                .then(() -> {
                    ForeignServer.Exchange call = take(REPO_EVENTS);
                    LongStream.rangeClosed(1, events).forEach(n -> call.send(repoEvents(n)));
                    call.end();
                })
                .expectNextSequence(LongStream.rangeClosed(1, events)
                        .mapToObj(GrpcEventSourceReadTest::vid)
                        .toList())
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void cancellingAReadCancelsItsCall() throws Exception {
        var subscription = source.read(KEY, Vid.EPOCH).subscribe();
        ForeignServer.Exchange call = server.next(REPO_EVENTS);
        assertThat(call.isCancelled()).isFalse();

        subscription.dispose();

        assertThat(call.awaitCancelled()).isTrue();
        assertThat(timer.waiting()).as("timers left").isZero();
    }

    @Test
    void aMalformedIdFailsTheReadClearlyAndNothingElse() {
        ByteString five = ByteString.copyFromUtf8("12345");
        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .then(() -> take(REPO_EVENTS)
                        .send(repoEvents(1))
                        .send(message("RepoEventsO", "events", List.of(message("RepoEvent", "event", 31, "id", five)))))
                .expectNextCount(1)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(MalformedDataException.class)
                        .hasMessageContaining(REPO.toString())
                        .hasMessageContaining("an event's id has 5 bytes, not 16"))
                .verify(PATIENCE);
        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .then(() -> take(REPO_EVENTS)
                        .send(message(
                                "RepoEventsO",
                                "events",
                                List.of(message("RepoEvent", "event", 31, "id", wire(1), "parent", five)))))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("an event's parent has 5 bytes"))
                .verify(PATIENCE);
        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .then(() -> take(REPO_EVENTS).send(repoEvents(1)).end())
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void anAbsentParentIsNull() {
        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .then(() -> take(REPO_EVENTS)
                        .send(message(
                                "RepoEventsO", "events", List.of(message("RepoEvent", "event", 31, "id", wire(1)))))
                        .end())
                .expectNextMatches(event -> event.parent() == null)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aServerThatAnswersSlowlyIsWaitedForAsLongAsItGoesOn() throws Exception {
        Flux<Vid> read = source.read(KEY, Vid.EPOCH).map(Event::id);
        StepVerifier.Step<Vid> step = StepVerifier.create(read);
        ForeignServer.Exchange[] call = new ForeignServer.Exchange[1];
        step = step.then(() -> call[0] = take(REPO_EVENTS));
        for (long n = 1; n <= 5; n++) {
            long event = n;
            step = step.then(() -> {
                        timer.advanceTimeBy(Duration.ofSeconds(29));
                        call[0].send(repoEvents(event));
                    })
                    .expectNext(vid(event));
        }
        step.then(() -> call[0].end()).expectComplete().verify(PATIENCE);
    }

    @Test
    void aServerThatFallsSilentFailsTheRead() throws Exception {
        ForeignServer.Exchange[] call = new ForeignServer.Exchange[1];
        StepVerifier.create(source.read(KEY, Vid.EPOCH).map(Event::id))
                .then(() -> call[0] = take(REPO_EVENTS).send(repoEvents(1)))
                .expectNext(vid(1))
                .then(() -> timer.advanceTimeBy(Duration.ofSeconds(30)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                failure -> assertThat(failure.code()).isEqualTo("DEADLINE_EXCEEDED"))
                        .hasMessageContaining("30000 ms"))
                .verify(PATIENCE);
        assertThat(call[0].awaitCancelled()).isTrue();
    }

    @Test
    void aSlowConsumerIsNotTakenForASilentServer() {
        StepVerifier.create(source.read(KEY, Vid.EPOCH).map(Event::id), 1)
                .then(() -> take(REPO_EVENTS)
                        .send(repoEvents(1, 2, 3))
                        .send(repoEvents(4))
                        .end())
                .expectNext(vid(1))
                .then(() -> timer.advanceTimeBy(Duration.ofHours(1)))
                .thenRequest(1)
                .expectNext(vid(2))
                .then(() -> timer.advanceTimeBy(Duration.ofHours(1)))
                .thenRequest(10)
                .expectNext(vid(3), vid(4))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aServerCannotSendMoreThanTheWindowAheadOfTheConsumer() throws Exception {
        DynamicMessage large = message(
                "RepoEventsO",
                "events",
                List.of(message(
                        "RepoEvent",
                        "event",
                        35,
                        "id",
                        wire(1),
                        "parent",
                        wire(0),
                        "fso_repo_error_message",
                        "x".repeat(1000))));
        StepVerifier.create(source.read(KEY, Vid.EPOCH), 1)
                .then(() -> {
                    ForeignServer.Exchange call = take(REPO_EVENTS);
                    int sent = 0;
                    while (sent < 5000 && becomesReady(call)) {
                        call.send(large);
                        sent++;
                    }
                    // The window, what the server's side may buffer before it says stop, and the messages read ahead.
                    assertThat(sent).isBetween(1, 200);
                })
                .expectNextCount(1)
                .thenCancel()
                .verify(PATIENCE);
    }

    /** Whether the transport takes another message within a time that is long for a transport. */
    private static boolean becomesReady(ForeignServer.Exchange call) {
        for (int i = 0; i < 1000; i++) {
            if (call.isReady()) {
                return true;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return false;
    }

    @Test
    void anUnreachableServerFailsTheRead() throws Exception {
        server.stop();

        StepVerifier.create(source.read(KEY, Vid.EPOCH))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                failure -> assertThat(failure.code()).isEqualTo("UNAVAILABLE")))
                .verify(PATIENCE);
    }

    @Test
    void anotherKindOfKeyIsRefusedByName() {
        record OtherKey(UUID entity) implements StreamKey<String> {
            @Override
            public StreamClass streamClass() {
                return StreamClass.GENERAL;
            }
        }
        StepVerifier.create(source.read(new OtherKey(REPO), Vid.EPOCH))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("OtherKey"))
                .verify(PATIENCE);
    }

    @Test
    void everySubscriptionIsANewRead() {
        Flux<Event<RepoEvent>> read = source.read(KEY, Vid.EPOCH);
        for (int i = 0; i < 3; i++) {
            StepVerifier.create(read)
                    .then(() -> take(REPO_EVENTS).send(repoEvents(1)).end())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);
        }
    }

    private ForeignServer.Exchange take(String rpc) {
        return server.next(rpc);
    }

    private static DynamicMessage repoEvents(long... numbers) {
        return message(
                "RepoEventsO",
                "events",
                LongStream.of(numbers)
                        .mapToObj(number -> event("RepoEvent", number, number - 1))
                        .toList());
    }

    private static DynamicMessage event(String type, long id, long parent) {
        return message(type, "event", 31, "id", wire(id), "parent", wire(parent));
    }

    private static ByteString wire(long number) {
        return ByteString.copyFrom(vid(number).toBytes());
    }

    private static Vid vid(long number) {
        return new Vid(0, number);
    }

    private static ByteString bytes(UUID id) {
        return ByteString.copyFrom(EntityIds.toBytes(id));
    }
}
