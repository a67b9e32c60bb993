package io.repowatch.client;

import static io.repowatch.client.ForeignServer.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.wire.nogfso.GetRepoO;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class GrpcRegistryCommandsTest {
    private static final UUID REPO = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final ByteString REPO_BYTES = ByteString.copyFrom(EntityIds.toBytes(REPO));
    private static final UUID WORKFLOW = UUID.fromString("66666666-2222-4333-8444-555555555555");
    private static final ByteString WORKFLOW_BYTES = ByteString.copyFrom(EntityIds.toBytes(WORKFLOW));
    private static final Vid BEFORE = new Vid(3, 4);
    private static final ByteString BEFORE_BYTES = ByteString.copyFrom(BEFORE.toBytes());
    private static final Vid VERSION = new Vid(5, 6);
    private static final ByteString VERSION_BYTES = ByteString.copyFrom(VERSION.toBytes());
    private static final String SET_ERROR = "nogfso.Repos/SetRepoError";
    private static final Duration PATIENCE = Duration.ofSeconds(ForeignServer.PATIENCE_SECONDS);

    private final CountedTimer timer = new CountedTimer();
    private ForeignServer server;
    private GrpcRegistryCommands commands;

    @BeforeEach
    void start() throws Exception {
        server = new ForeignServer();
        commands = new GrpcRegistryCommands(
                server.channel(), ClientConfig.builder().timer(timer).build());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static Stream<Arguments> updates() {
        return Stream.of(
                update(
                        "ConfirmShadow",
                        commands -> commands.confirmShadow(REPO, "/s/a.fso"),
                        "shadow_path",
                        "/s/a.fso"),
                update("ConfirmGit", commands -> commands.confirmGit(REPO, 77), "gitlab_project_id", 77L),
                update("SetRepoError", commands -> commands.setRepoError(REPO, "oops"), "error_message", "oops"));
    }

    private static Arguments update(
            String rpc, Function<GrpcRegistryCommands, Mono<Vid>> command, String field, Object value) {
        return Arguments.of(rpc, command, Map.of("repo", REPO_BYTES, field, value, "vid", ByteString.EMPTY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("updates")
    void anUpdateEmitsTheNewVersion(
            String rpc, Function<GrpcRegistryCommands, Mono<Vid>> command, Map<String, Object> request) {
        StepVerifier.create(command.apply(commands))
                .then(() -> {
                    ForeignServer.Exchange call = take("nogfso.Repos/" + rpc);
                    request.forEach((field, value) ->
                            assertThat(call.asked(field)).as(field).isEqualTo(value));
                    call.send(message(rpc + "O", "vid", VERSION_BYTES)).end();
                })
                .expectNext(VERSION)
                .expectComplete()
                .verify(PATIENCE);
    }

    private static Stream<Arguments> workflowUpdates() {
        Map<String, Object> move =
                Map.of("repo", REPO_BYTES, "workflow", WORKFLOW_BYTES, "workflow_vid", ByteString.EMPTY);
        Map<String, Object> files = Map.of("workflow", WORKFLOW_BYTES, "workflow_vid", BEFORE_BYTES);
        Map<String, Object> failed = Map.of("status_code", 105, "status_message", "disk full");
        return Stream.of(
                workflow(
                        "Repos/PostMoveRepoStaReleased",
                        commands -> commands.postMoveRepoStaReleased(REPO, WORKFLOW),
                        move,
                        Map.of()),
                workflow(
                        "Repos/CommitMoveRepo",
                        commands -> commands.commitMoveRepo(REPO, WORKFLOW, "/s/b.fso"),
                        move,
                        Map.of("new_shadow_path", "/s/b.fso")),
                workflow(
                        "Repos/PostMoveShadowStaDisabled",
                        commands -> commands.postMoveShadowStaDisabled(REPO, WORKFLOW),
                        move,
                        Map.of()),
                workflow(
                        "FreezeRepo/CommitFreezeRepoFiles",
                        commands -> commands.commitFreezeRepoFiles(WORKFLOW, BEFORE),
                        files,
                        Map.of()),
                workflow(
                        "FreezeRepo/AbortFreezeRepoFiles",
                        commands -> commands.abortFreezeRepoFiles(WORKFLOW, BEFORE, 105, "disk full"),
                        files,
                        failed),
                workflow(
                        "UnfreezeRepo/CommitUnfreezeRepoFiles",
                        commands -> commands.commitUnfreezeRepoFiles(WORKFLOW, BEFORE),
                        files,
                        Map.of()),
                workflow(
                        "UnfreezeRepo/AbortUnfreezeRepoFiles",
                        commands -> commands.abortUnfreezeRepoFiles(WORKFLOW, BEFORE, 105, "disk full"),
                        files,
                        failed),
                workflow(
                        "PingRegistry/ServerPing",
                        commands -> commands.serverPing(WORKFLOW, 0, "here"),
                        Map.of("workflow", WORKFLOW_BYTES, "workflow_vid", ByteString.EMPTY),
                        Map.of("status_code", 0, "status_message", "here")));
    }

    private static Arguments workflow(
            String rpc,
            Function<GrpcRegistryCommands, Mono<Vid>> command,
            Map<String, Object> names,
            Map<String, Object> more) {
        return Arguments.of(rpc, command, names, more);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("workflowUpdates")
    void anUpdateOfAWorkflowEmitsItsNewVersion(
            String rpc,
            Function<GrpcRegistryCommands, Mono<Vid>> command,
            Map<String, Object> names,
            Map<String, Object> more) {
        StepVerifier.create(command.apply(commands))
                .then(() -> {
                    ForeignServer.Exchange call = take("nogfso." + rpc);
                    names.forEach((field, value) ->
                            assertThat(call.asked(field)).as(field).isEqualTo(value));
                    more.forEach((field, value) ->
                            assertThat(call.asked(field)).as(field).isEqualTo(value));
                    call.send(message(rpc.substring(rpc.indexOf('/') + 1) + "O", "workflow_vid", VERSION_BYTES))
                            .end();
                })
                .expectNext(VERSION)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void getRepoEmitsWhatTheRegistrySays() {
        StepVerifier.create(commands.getRepo(REPO).map(GetRepoO::getShadow))
                .then(() -> {
                    ForeignServer.Exchange call = take("nogfso.Repos/GetRepo");
                    assertThat(call.asked("repo")).isEqualTo(REPO_BYTES);
                    call.send(message("GetRepoO", "repo", REPO_BYTES, "shadow", "host:/s/a.fso"))
                            .end();
                })
                .expectNext("host:/s/a.fso")
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void nothingIsSentBeforeSubscriptionAndOneCallForEach() throws Exception {
        Mono<Vid> command = commands.setRepoError(REPO, "oops");
        assertThat(server.waiting(SET_ERROR)).isZero();
        for (int i = 0; i < 2; i++) {
            StepVerifier.create(command)
                    .then(() -> take(SET_ERROR)
                            .send(message("SetRepoErrorO", "vid", VERSION_BYTES))
                            .end())
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(PATIENCE);
        }
        assertThat(server.waiting(SET_ERROR)).isZero();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "UNKNOWN, repos error: command conflict",
        "UNKNOWN, default deny",
        "NOT_FOUND, repos error: uninitialized repo",
        "INVALID_ARGUMENT, error message too long",
        "ALREADY_EXISTS, repos error: init conflict",
        "FAILED_PRECONDITION, repos error: command conflict",
        "PERMISSION_DENIED, no",
        "UNIMPLEMENTED, no such method",
        "OUT_OF_RANGE, far away"
    })
    void whatTheRegistryJudgedIsARejection(Status.Code code, String text) {
        StepVerifier.create(commands.setRepoError(REPO, "oops"))
                .then(() -> take(SET_ERROR).fail(code.toStatus().withDescription(text)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                CommandRejectedException.class,
                                rejected -> assertThat(rejected.code()).isEqualTo(code.name()))
                        .hasMessage(text))
                .verify(PATIENCE);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "UNAVAILABLE, shutdown",
        "DEADLINE_EXCEEDED, too late",
        "RESOURCE_EXHAUSTED, too much",
        "INTERNAL, RST_STREAM",
        "CANCELLED, gone",
        "DATA_LOSS, broken",
        "ABORTED, lost a race",
        "UNAUTHENTICATED, invalid token",
        "UNKNOWN, repos error: version conflict: stored VID A != expected VID B",
        "UNKNOWN,",
        "UNKNOWN, Application error processing RPC"
    })
    void whatTheRegistryDidNotJudgeIsAFailedTransport(Status.Code code, String text) {
        StepVerifier.create(commands.setRepoError(REPO, "oops"))
                .then(() -> take(SET_ERROR).fail(code.toStatus().withDescription(text)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                failed -> assertThat(failed.code()).isEqualTo(code.name()))
                        .hasMessageContaining(SET_ERROR)
                        .hasMessageContaining(text == null ? "" : text))
                .verify(PATIENCE);
    }

    @Test
    void anUnreachableServerIsAFailedTransport() throws Exception {
        server.stop();
        StepVerifier.create(commands.getRepo(REPO))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                failed -> assertThat(failed.code()).isEqualTo("UNAVAILABLE")))
                .verify(PATIENCE);
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsCancelled() throws Exception {
        ForeignServer.Exchange[] call = new ForeignServer.Exchange[1];
        StepVerifier.create(commands.getRepo(REPO))
                .then(() -> call[0] = take("nogfso.Repos/GetRepo"))
                .then(() -> timer.advanceTimeBy(Duration.ofMillis(9999)))
                .then(() -> assertThat(call[0].isCancelled()).isFalse())
                .then(() -> timer.advanceTimeBy(Duration.ofMillis(1)))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                failed -> assertThat(failed.code()).isEqualTo("DEADLINE_EXCEEDED")))
                .verify(PATIENCE);
        assertThat(call[0].awaitCancelled()).isTrue();
    }

    @Test
    void cancellingACommandCancelsItsCall() throws Exception {
        var subscription = commands.getRepo(REPO).subscribe();
        ForeignServer.Exchange call = server.next("nogfso.Repos/GetRepo");

        subscription.dispose();

        assertThat(call.awaitCancelled()).isTrue();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void aVersionThatIsNoneIsSaidClearly() {
        StepVerifier.create(commands.setRepoError(REPO, "oops"))
                .then(() -> take(SET_ERROR)
                        .send(message("SetRepoErrorO", "vid", ByteString.copyFromUtf8("123")))
                        .end())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(MalformedDataException.class)
                        .hasMessage("SetRepoError: the version has 3 bytes, not 16"))
                .verify(PATIENCE);
    }

    private ForeignServer.Exchange take(String rpc) {
        return server.next(rpc);
    }
}
