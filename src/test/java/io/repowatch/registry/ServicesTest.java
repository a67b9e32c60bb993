package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Vid;
import io.repowatch.journal.JournalException;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.GetRegistriesI;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetRootI;
import io.repowatch.wire.nogfso.InfoI;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.InitRootI;
import io.repowatch.wire.nogfso.ReactorLiveBroadcastGrpc;
import io.repowatch.wire.nogfso.ReactorMainGrpc;
import io.repowatch.wire.nogfso.ReactorRegistryGrpc;
import io.repowatch.wire.nogfso.ReactorReposGrpc;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.RegistryMainInfo;
import io.repowatch.wire.nogfso.ReinitRepoI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoInfo;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The services over the in-process transport, with the generated stubs. */
class ServicesTest {
    private final Fixture fixture = new Fixture(new ScriptedJournal(), Schedulers.parallel(), Authorizer.ALLOW_ALL);
    private Server server;
    private ManagedChannel channel;
    private ReactorRegistryGrpc.ReactorRegistryStub registry;
    private ReactorReposGrpc.ReactorReposStub repos;

    @BeforeEach
    void serve() throws Exception {
        InProcessServerBuilder builder = InProcessServerBuilder.forName("services");
        RegistryServices.of(fixture.registry, () -> Fixture.CALLER).forEach(builder::addService);
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName("services").build();
        registry = ReactorRegistryGrpc.newReactorStub(channel);
        repos = ReactorReposGrpc.newReactorStub(channel);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.registry.close();
        channel.shutdownNow();
        server.shutdownNow();
        assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private static String status(Mono<?> call) {
        try {
            call.block(Fixture.PATIENCE);
            return "OK";
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() + " " + e.getStatus().getDescription();
        }
    }

    @Test
    void aRegistryIsSetUpAndUsed() {
        ReactorMainGrpc.ReactorMainStub main = ReactorMainGrpc.newReactorStub(channel);
        assertThat(Fixture.done(main.getRegistries(GetRegistriesI.getDefaultInstance()))
                        .getVid())
                .isEqualTo(Fixture.bytes(Vid.EPOCH));
        ByteString mainVid = Fixture.done(registry.initRegistry(
                        InitRegistryI.newBuilder().setRegistry(Fixture.REG).build()))
                .getMainVid();
        var listed = Fixture.done(main.getRegistries(GetRegistriesI.getDefaultInstance()));
        assertThat(listed.getMain()).isEqualTo("main");
        assertThat(listed.getVid()).isEqualTo(mainVid);
        assertThat(listed.getRegistriesList())
                .containsExactly(RegistryMainInfo.newBuilder()
                        .setName(Fixture.REG)
                        .setConfirmed(true)
                        .build());

        Fixture.done(registry.initRoot(Fixture.root(Fixture.REG, "/data").build()));
        InitRepoO repo = Fixture.done(registry.initRepo(Fixture.repo("/data/a").build()));
        Fixture.done(registry.initRepo(Fixture.repo("/data/a-b").build()));
        Fixture.done(registry.initRepo(Fixture.repo("/data/a/c").build()));
        var info = Fixture.done(
                registry.info(InfoI.newBuilder().setRegistry(Fixture.REG).build()));
        assertThat(info.getNumRepos()).isEqualTo(3);
        assertThat(info.getNumRoots()).isEqualTo(1);
        GetReposI.Builder below = GetReposI.newBuilder().setRegistry(Fixture.REG);
        assertThat(Fixture.done(registry.getRepos(below.build())).getReposList())
                .extracting(RepoInfo::getGlobalPath)
                .containsExactly("/data/a", "/data/a-b", "/data/a/c");
        var prefixed = Fixture.done(
                registry.getRepos(below.setGlobalPathPrefix("/data/a/").build()));
        assertThat(prefixed.getReposList()).extracting(RepoInfo::getGlobalPath).containsExactly("/data/a", "/data/a/c");
        assertThat(prefixed.getRepos(0).getId()).isEqualTo(repo.getRepo());
        assertThat(prefixed.getRepos(0).getConfirmed()).isTrue();
    }

    @Test
    void refusalsHaveFittingCodesAndTheKnownTexts() {
        InfoI unknown = InfoI.newBuilder().setRegistry("unknown").build();
        assertThat(status(registry.info(unknown))).isEqualTo("NOT_FOUND registry error: uninitialized registry");
        assertThat(status(registry.info(
                        unknown.toBuilder().setRegistry("Bad_Name").build())))
                .startsWith("INVALID_ARGUMENT malformed registry name");
        fixture.prepared();
        InitRepoO repo = fixture.initRepo("/data/a");
        SetRepoErrorI error = SetRepoErrorI.newBuilder()
                .setRepo(repo.getRepo())
                .setErrorMessage("x".repeat(201))
                .build();
        assertThat(status(repos.setRepoError(error))).isEqualTo("INVALID_ARGUMENT error message too long");
        assertThat(status(repos.setRepoError(
                        error.toBuilder().setErrorMessage("ü".repeat(100)).build())))
                .isEqualTo("OK");
        assertThat(status(repos.clearRepoError(ClearRepoErrorI.newBuilder()
                        .setRepo(repo.getRepo())
                        .setErrorMessage("other")
                        .build())))
                .isEqualTo("FAILED_PRECONDITION repos error: clear message mismatch");
        ConfirmShadowI confirm = ConfirmShadowI.newBuilder()
                .setRepo(repo.getRepo())
                .setShadowPath("/s")
                .setVid(Fixture.bytes(new Vid(1, 1)))
                .build();
        assertThat(status(repos.confirmShadow(confirm)))
                .startsWith("ABORTED repos error: version conflict: stored VID ");
        assertThat(status(repos.confirmShadow(confirm.toBuilder()
                        .setVid(ByteString.copyFromUtf8("short"))
                        .build())))
                .startsWith("INVALID_ARGUMENT malformed vid");
        assertThat(status(repos.confirmShadow(
                        confirm.toBuilder().setVid(Fixture.bytes(new Vid(0, 1))).build())))
                .as("a known way to say: do not care")
                .isEqualTo("OK");
        assertThat(status(repos.confirmShadow(confirm.toBuilder()
                        .setRepo(Fixture.bytes(new UUID(1, 1)))
                        .build())))
                .isEqualTo("NOT_FOUND repos error: uninitialized repo");
        assertThat(status(registry.reinitRepo(ReinitRepoI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setRepo(Fixture.bytes(new UUID(1, 1)))
                        .setReason("r")
                        .build())))
                .isEqualTo("NOT_FOUND unknown repo");
        assertThat(status(registry.initRoot(InitRootI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setGlobalRoot("/x")
                        .setHost("h")
                        .build())))
                .isEqualTo("INVALID_ARGUMENT registry error: missing host root");
    }

    @Test
    void aJournalThatFailsIsUnavailableOrFullOrDamaged() {
        fixture.prepared();
        ScriptedJournal journal = (ScriptedJournal) fixture.journal;
        journal.hold();
        for (JournalException.Kind kind : JournalException.Kind.values()) {
            var outcome = new String[1];
            registry.initRepo(Fixture.repo("/data/a").build())
                    .subscribe(reply -> outcome[0] = "OK", error -> outcome[0] = error.getMessage());
            Awaitility.await().until(() -> journal.waiting() == 1);
            journal.fail(new JournalException(kind, "the disk said no", null));
            Awaitility.await().until(() -> outcome[0] != null);
            String code = switch (kind) {
                case DAMAGED -> "DATA_LOSS";
                case FULL -> "RESOURCE_EXHAUSTED";
                case UNAVAILABLE -> "UNAVAILABLE";
            };
            assertThat(outcome[0]).isEqualTo(code + ": journal error: the disk said no");
        }
        journal.flow();
        assertThat(status(registry.initRepo(Fixture.repo("/data/a").build()))).isEqualTo("OK");
    }

    @Test
    void aWatchGoesOnAndIsCancelled() {
        fixture.prepared();
        RegistryEventsI request = RegistryEventsI.newBuilder()
                .setRegistry(Fixture.REG)
                .setWatch(true)
                .build();
        StepVerifier.create(registry.events(request))
                .assertNext(message -> assertThat(message.getEventsCount()).isEqualTo(2))
                .expectNextMatches(RegistryEventsO::getWillBlock)
                .then(() -> fixture.initRepo("/data/a"))
                .assertNext(message ->
                        assertThat(message.getEvents(0).getEvent()).isEqualTo(RegistryEvent.Type.EV_FSO_REPO_ACCEPTED))
                .expectNextMatches(RegistryEventsO::getWillBlock)
                .thenCancel()
                .verify(Fixture.PATIENCE);
        Awaitility.await().until(() -> fixture.registry.watching() == 0);
    }

    @Test
    void streamsEndAsUnavailableWhenTheServerGoesDown() {
        fixture.prepared();
        InitRepoO repo = fixture.initRepo("/data/a");
        RepoEventsI request =
                RepoEventsI.newBuilder().setRepo(repo.getRepo()).setWatch(true).build();
        StepVerifier.create(repos.events(request))
                .expectNextCount(2)
                .then(fixture.registry::close)
                .expectErrorMessage("UNAVAILABLE: shutdown")
                .verify(Fixture.PATIENCE);
        StepVerifier.create(ReactorLiveBroadcastGrpc.newReactorStub(channel)
                        .aggregateSignals(AggregateSignalsI.getDefaultInstance()))
                .expectErrorMatches(error -> Status.fromThrowable(error).getCode() == Status.Code.UNAVAILABLE)
                .verify(Fixture.PATIENCE);
    }

    @Test
    void anUnknownMethodIsUnimplemented() {
        assertThatThrownBy(() -> registry.getRoot(GetRootI.getDefaultInstance()).block(Fixture.PATIENCE))
                .hasMessageContaining("UNIMPLEMENTED");
    }
}
