package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.journal.StoredEvent;
import io.repowatch.wire.nogfso.AggregateSignal;
import io.repowatch.wire.nogfso.AggregateSignalsI;
import io.repowatch.wire.nogfso.AggregateSignalsI.AggregateSelector;
import io.repowatch.wire.nogfso.AggregateSignalsO;
import io.repowatch.wire.nogfso.ConfigField;
import io.repowatch.wire.nogfso.ConfigMap;
import io.repowatch.wire.nogfso.DisableGitlabRootI;
import io.repowatch.wire.nogfso.EnableGitlabRootI;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy.SubdirTrackingGlob;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.GetReposI;
import io.repowatch.wire.nogfso.GetRootsI;
import io.repowatch.wire.nogfso.InitRegistryI;
import io.repowatch.wire.nogfso.InitRepoI;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.PatchRepoNamingI;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryEventsO;
import io.repowatch.wire.nogfso.ReinitRepoI;
import io.repowatch.wire.nogfso.RemoveRootI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.RootInfo;
import io.repowatch.wire.nogfso.StringList;
import io.repowatch.wire.nogfso.SubdirTracking;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyI;
import io.repowatch.wire.nogfso.UpdateRepoNamingI;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The defects of the original server, registry specification §10, that this part could have. */
class DefectsTest {
    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal).prepared();

    /** A server that knows nothing but the journal. */
    private Fixture restarted() {
        return new Fixture(journal);
    }

    private static EnableGitlabRootI enableGitlab(String namespace) {
        return EnableGitlabRootI.newBuilder()
                .setRegistry(Fixture.REG)
                .setGlobalRoot("/data/")
                .setGitlabNamespace(namespace)
                .build();
    }

    @Test
    void w1_anUpdatedRootIsReadAgainAfterARestart() {
        Fixture.done(fixture.registry.enableGitlabRoot(Fixture.CALLER, enableGitlab("h/g")));
        assertThat(roots(restarted())).extracting(RootInfo::getGitlabNamespace).containsExactly("h/g");
        Fixture.done(fixture.registry.disableGitlabRoot(
                Fixture.CALLER,
                DisableGitlabRootI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setGlobalRoot("/data")
                        .build()));
        assertThat(roots(restarted())).extracting(RootInfo::getGitlabNamespace).containsExactly("");
    }

    private static List<RootInfo> roots(Fixture server) {
        return Fixture.done(server.registry.getRoots(
                        Fixture.CALLER,
                        GetRootsI.newBuilder().setRegistry(Fixture.REG).build()))
                .getRootsList();
    }

    private static FsoRepoNaming naming(String root) {
        return FsoRepoNaming.newBuilder()
                .setGlobalRoot(root)
                .setRule("Stdtools2017")
                .setConfig(ConfigMap.newBuilder()
                        .addFields(ConfigField.newBuilder()
                                .setKey("ignore")
                                .setTextList(StringList.newBuilder().addVals("x"))))
                .build();
    }

    private Mono<?> patchNaming(String root) {
        return fixture.registry.patchRepoNaming(
                Fixture.CALLER,
                PatchRepoNamingI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setNamingPatch(naming(root))
                        .build());
    }

    @Test
    void w2_aPatchForARootWithoutNamingIsRefused() {
        long before = journal.position();
        assertThat(Fixture.refusal(patchNaming("/data")))
                .isEqualTo("FAILED_PRECONDITION registry error: naming rule mismatch");
        assertThat(journal.position()).isEqualTo(before);
    }

    @Test
    void w3_aTrailingSlashIsNotStored() {
        Fixture.done(fixture.registry.updateRepoNaming(
                Fixture.CALLER,
                UpdateRepoNamingI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setNaming(naming("/data//"))
                        .build()));
        Fixture.done(patchNaming("/data/"));
        Fixture.done(fixture.registry.updateRepoInitPolicy(
                Fixture.CALLER,
                UpdateRepoInitPolicyI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setPolicy(FsoRepoInitPolicy.newBuilder()
                                .setGlobalRoot("/data/./")
                                .setPolicy(FsoRepoInitPolicy.InitPolicy.IPOL_SUBDIR_TRACKING_GLOBLIST)
                                .addSubdirTrackingGloblist(SubdirTrackingGlob.newBuilder()
                                        .setPattern("*")
                                        .setSubdirTracking(SubdirTracking.ST_IGNORE_SUBDIRS)))
                        .build()));
        List<RegistryEvent> events = fixture.registryEvents(Fixture.REG);
        assertThat(events.get(2).getFsoRepoNaming().getGlobalRoot()).isEqualTo("/data");
        assertThat(events.get(3).getFsoRepoNaming().getGlobalRoot()).isEqualTo("/data");
        assertThat(events.get(4).getFsoRepoInitPolicy().getGlobalRoot()).isEqualTo("/data");
        InitRepoO repo = restarted().initRepo("/data/a");
        assertThat(fixture.repoEvents(repo.getRepo())
                        .get(0)
                        .getFsoRepoInitInfo()
                        .getSubdirTracking())
                .isEqualTo(SubdirTracking.ST_IGNORE_SUBDIRS);
    }

    private String removeRoot(String root) {
        return Fixture.refusal(fixture.registry.removeRoot(
                Fixture.CALLER,
                RemoveRootI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setGlobalRoot(root)
                        .build()));
    }

    @Test
    void w6_aRootWithReposBelowStays() {
        fixture.initRoot(Fixture.REG, "/data-2");
        fixture.initRepo("/data/deep/a");
        assertThat(removeRoot("/data")).isEqualTo("FAILED_PRECONDITION registry error: root has repos");
        assertThat(removeRoot("/data-2")).isEqualTo("OK");
        assertThat(roots(fixture)).extracting(RootInfo::getGlobalRoot).containsExactly("/data");
    }

    @Test
    void w7_theRootOfTheNameSpaceAndRelativePathsAreAnswered() {
        fixture.initRoot(Fixture.REG, "/");
        assertThat(initRepo("/")).isEqualTo("INVALID_ARGUMENT registry error: a repo cannot be at /");
        assertThat(initRepo("relative/path")).startsWith("INVALID_ARGUMENT malformed path");
        assertThat(initRepo("")).startsWith("INVALID_ARGUMENT malformed path");
        assertThat(initRepo("/a".repeat(1_000_000))).startsWith("INVALID_ARGUMENT malformed path: it has 2000000");
        InitRepoO repo = fixture.initRepo("/top");
        assertThat(fixture.getRepo(repo.getRepo()).getFile()).isEqualTo("host:/srv/top");
        assertThat(fixture.initRepo("/data/a")).isNotNull();
        assertThat(repos(fixture, "/")).containsExactly("/data/a", "/top");
    }

    @Test
    void w3_aRequestWhoseEventClientsCouldNotReadIsRefusedAndNothingIsStored() {
        InitRepoO repo = fixture.initRepo("/data/a");
        String reason = "x".repeat(2 << 20);
        assertThat(Fixture.refusal(fixture.registry.reinitRepo(
                        Fixture.CALLER,
                        ReinitRepoI.newBuilder()
                                .setRegistry(Fixture.REG)
                                .setRepo(repo.getRepo())
                                .setReason(reason)
                                .build())))
                .startsWith("INVALID_ARGUMENT the request is too large");
        assertThat(fixture.registryEvents(Fixture.REG))
                .noneMatch(event -> event.getEvent() == RegistryEvent.Type.EV_FSO_REPO_REINIT_ACCEPTED);
    }

    private String initRepo(String path) {
        return Fixture.refusal(
                fixture.registry.initRepo(Fixture.CALLER, Fixture.repo(path).build()));
    }

    private static List<String> repos(Fixture server, String prefix) {
        return Fixture.done(server.registry.getRepos(
                        Fixture.CALLER,
                        GetReposI.newBuilder()
                                .setRegistry(Fixture.REG)
                                .setGlobalPathPrefix(prefix)
                                .build()))
                .getReposList()
                .stream()
                .map(repo -> repo.getGlobalPath())
                .toList();
    }

    private Flux<AggregateSignalsO> signals(AggregateSelector... selected) {
        return fixture.registry.aggregateSignals(
                Fixture.CALLER,
                AggregateSignalsI.newBuilder()
                        .addAllSelectAggregates(List.of(selected))
                        .build());
    }

    @Test
    void w8_theSubscriptionIsAcknowledgedAndNothingAfterItIsMissed() {
        SlowClient<AggregateSignalsO> client = new SlowClient<>();
        signals().subscribe(client);
        // Heard that the subscription works, and has not asked for more.
        assertThat(client.messages).containsExactly(AggregateSignalsO.getDefaultInstance());
        InitRepoO repo = fixture.initRepo("/data/a");
        client.request(5);
        assertThat(SlowClient.ids(client))
                .containsExactlyInAnyOrder(Fixture.bytes(EntityIds.registry(Fixture.REG)), repo.getRepo());

        // Subscribed and has not heard so yet.
        StepVerifier.create(signals(AggregateSelector.AS_MAIN), 0)
                .then(() -> fixture.initRegistry("other"))
                .thenRequest(1)
                .expectNext(AggregateSignalsO.getDefaultInstance())
                .thenRequest(1)
                .assertNext(message -> assertThat(message.getSignalsList())
                        .extracting(AggregateSignal::getEntityId)
                        .containsExactly(Fixture.bytes(EntityIds.main())))
                .thenCancel()
                .verify(Fixture.PATIENCE);
    }

    @Test
    void w9_manyChangesWhileTheClientIsBusyAreAllSignalled() {
        SlowClient<AggregateSignalsO> client = new SlowClient<>();
        signals(AggregateSelector.AS_REPO).subscribe(client);
        Set<ByteString> repos = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            repos.add(fixture.initRepo("/data/" + i).getRepo());
        }
        while (SlowClient.ids(client).size() < repos.size()) {
            int before = client.messages.size();
            client.request(1);
            assertThat(client.messages.size()).as("a message for each request").isGreaterThan(before);
        }
        assertThat(SlowClient.ids(client)).isEqualTo(repos);
        for (AggregateSignalsO message : client.messages) {
            assertThat(message.getSignalsList())
                    .extracting(AggregateSignal::getEntityId)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void w10_aStalledClientCostsNothingMoreAndIsNotCut() {
        SlowClient<AggregateSignalsO> client = new SlowClient<>();
        signals(AggregateSelector.AS_EPHEMERAL_WORKFLOW).subscribe(client);
        List<UUID> workflows = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            UUID id = new UUID(4, i);
            workflows.add(id);
            fixture.put(Category.EPHEMERAL_WORKFLOW.stream(id), new Vid(9, 1), new byte[0]);
        }
        assertThat(journal.changesRequested).as("what waits for the client").hasValueLessThan(1_000);
        assertThat(client.isDisposed()).isFalse();
        client.requestUnbounded();
        assertThat(SlowClient.ids(client)).hasSize(workflows.size());
    }

    @Test
    void w11_anIdIsUsedOnce() {
        InitRepoI first =
                Fixture.repo("/data/a").setRepoId(Fixture.bytes(new UUID(3, 3))).build();
        Fixture.done(fixture.registry.initRepo(Fixture.CALLER, first));
        assertThat(Fixture.refusal(fixture.registry.initRepo(
                        Fixture.CALLER,
                        first.toBuilder().setGlobalPath("/data/b").build())))
                .isEqualTo("ALREADY_EXISTS registry error: repo id already in use");
        fixture.initRegistry("other");
        fixture.initRoot("other", "/data");
        InitRepoI elsewhere = first.toBuilder().setRegistry("other").build();
        assertThat(Fixture.refusal(fixture.registry.initRepo(Fixture.CALLER, elsewhere)))
                .as("also from another registry at the same path")
                .isEqualTo("ALREADY_EXISTS registry error: repo id already in use");
        assertThat(repos(restarted(), "/")).containsExactly("/data/a");
        assertThat(fixture.initRepo("/data/c")).as("nothing is stuck").isNotNull();
    }

    @Test
    void w22_theDeepestRootIsChosenInEachRegistryForItself() {
        fixture.initRegistry("other");
        Fixture.done(fixture.registry.initRoot(
                Fixture.CALLER,
                Fixture.root("other", "/data")
                        .setHost("far")
                        .setHostRoot("/far")
                        .build()));
        for (String root : List.of("/data/deep/er", "/data/deep")) {
            fixture.initRoot(Fixture.REG, root);
        }
        assertThat(file("/data/deep/er/a")).isEqualTo("host:/srv/data/deep/er/a");
        assertThat(file("/data/deep/b")).isEqualTo("host:/srv/data/deep/b");
        assertThat(file("/data/deeper")).isEqualTo("host:/srv/data/deeper");
        InitRepoO far = Fixture.done(fixture.registry.initRepo(
                Fixture.CALLER, Fixture.repo("/data/a").setRegistry("other").build()));
        assertThat(fixture.getRepo(far.getRepo()).getFile()).isEqualTo("far:/far/a");
    }

    private String file(String path) {
        return fixture.getRepo(restarted().initRepo(path).getRepo()).getFile();
    }

    @Test
    void w23_concurrentInitReposAllSucceed() {
        Fixture busy = new Fixture(journal, Schedulers.parallel(), Authorizer.ALLOW_ALL);
        List<InitRepoO> answers = Fixture.done(Flux.range(0, 64)
                .flatMap(
                        i -> busy.registry
                                .initRepo(
                                        Fixture.CALLER,
                                        Fixture.repo("/data/" + i).build())
                                .subscribeOn(Schedulers.parallel()),
                        64)
                .collectList());
        assertThat(answers).hasSize(64);
        assertThat(repos(busy, "/data")).hasSize(64);
    }

    @Test
    void w28_firstEventsRaceWithoutErrorAndLeaveNoOrphans() {
        MemoryJournal empty = new MemoryJournal();
        Fixture server = new Fixture(empty, Schedulers.parallel(), Authorizer.ALLOW_ALL);
        List<ByteString> answers = Fixture.done(Flux.range(0, 64)
                .flatMap(
                        i -> server.registry
                                .initRegistry(
                                        Fixture.CALLER,
                                        InitRegistryI.newBuilder()
                                                .setRegistry("r" + i % 8)
                                                .build())
                                .map(reply -> reply.getMainVid())
                                .subscribeOn(Schedulers.parallel()),
                        64)
                .collectList());
        assertThat(answers).hasSize(64);
        assertThat(server.mainEvents()).hasSize(1 + 8 * 2);
        for (int i = 0; i < 8; i++) {
            assertThat(server.registryEvents("r" + i)).hasSize(1);
        }
        long before = empty.position();
        assertThat(Fixture.refusal(server.registry.initRepo(
                        Fixture.CALLER,
                        Fixture.repo("/nowhere/a")
                                .setRegistry("r0")
                                .setRepoId(Fixture.bytes(new UUID(1, 1)))
                                .build())))
                .isEqualTo("NOT_FOUND registry error: unknown root");
        assertThat(empty.position()).isEqualTo(before);
        assertThat(server.stored(Fixture.repoStream(new UUID(1, 1)))).isEmpty();
    }

    @Test
    void w29_historiesAreReadOnceAndRepoStatesAreBounded() {
        RegistryConfig config = RegistryConfig.builder(Schedulers.immediate(), new Random(5))
                .cachedRepos(16)
                .build();
        Identities identities = new Identities(config.clock(), config.random(), journal.newest());
        CommandLoops loops = new CommandLoops(journal, config, identities);
        InitRepoCall calls = new InitRepoCall(loops, Authorizer.ALLOW_ALL, identities);
        journal.reads.clear();
        for (int i = 0; i < 1_000; i++) {
            Fixture.done(
                    calls.initRepo(Fixture.CALLER, Fixture.repo("/data/" + i).build()));
        }
        assertThat(journal.reads).as("reads").containsExactly(Fixture.registryStream(Fixture.REG));
        CommandLoops.RegistryLoop loop = Fixture.done(loops.registry(Fixture.REG));
        assertThat(loop.loop().cachedStates()).isLessThanOrEqualTo(17);
    }

    @Test
    void w30_anIdleWatchSaysNothing() {
        VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
        Fixture server = new Fixture(journal, scheduler, Authorizer.ALLOW_ALL);
        List<RegistryEventsO> messages = new ArrayList<>();
        int watchers = 50;
        for (int i = 0; i < watchers; i++) {
            server.registry
                    .registryEvents(
                            Fixture.CALLER,
                            RegistryEventsI.newBuilder()
                                    .setRegistry(Fixture.REG)
                                    .setWatch(true)
                                    .build())
                    .subscribe(messages::add);
        }
        scheduler.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(messages).hasSize(2 * watchers);
        int reads = journal.reads.size();
        scheduler.advanceTimeBy(Duration.ofHours(1));
        assertThat(messages).hasSize(2 * watchers);
        assertThat(journal.reads).as("nor does it look").hasSize(reads);
        assertThat(journal.feeds).as("one feed for all").hasValue(1);
    }

    @Test
    void w30_newsThatWasReadAlreadyIsNotAnswered() {
        Deque<Runnable> turns = new ArrayDeque<>();
        Fixture server = new Fixture(journal, Schedulers.fromExecutor(turns::add), Authorizer.ALLOW_ALL);
        List<RegistryEventsO> messages = new ArrayList<>();
        server.registry
                .registryEvents(
                        Fixture.CALLER,
                        RegistryEventsI.newBuilder()
                                .setRegistry(Fixture.REG)
                                .setWatch(true)
                                .build())
                .subscribe(messages::add);
        // Several changes come before the watch has its turn: the first look finds all of it, later ones nothing.
        for (int i = 0; i < 3; i++) {
            fixture.initRepo("/data/" + i);
        }
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
        assertThat(messages.stream().map(RegistryEventsO::getEventsCount)).containsExactly(8, 0);
        assertThat(messages.get(1).getWillBlock()).isTrue();
    }

    @Test
    void w30_anUnknownAfterOnAWorkflowIsAnErrorAndADeniedOneLeavesNothingOpen() {
        ByteString repo = fixture.initRepo("/data/a").getRepo();
        UUID workflow = new UUID(6, 6);
        byte[] first = WorkflowEvent.newBuilder().setRepoId(repo).build().toByteArray();
        StoredEvent stored = new StoredEvent(new Vid(9, 1), first);
        Fixture.done(
                journal.append(List.of(new Append(Category.WORKFLOW.stream(workflow), Vid.EPOCH, List.of(stored)))));
        RepoWorkflowEventsI request = RepoWorkflowEventsI.newBuilder()
                .setRepo(repo)
                .setWorkflow(Fixture.bytes(workflow))
                .setAfter(Fixture.bytes(new Vid(9, 9)))
                .setWatch(true)
                .build();
        assertThat(Fixture.refusal(fixture.registry
                        .repoWorkflowEvents(Fixture.CALLER, request)
                        .then()))
                .isEqualTo("OUT_OF_RANGE workflow journal error: db: finding start failed: not found");
        ByteString other = fixture.initRepo("/data/b").getRepo();
        assertThat(Fixture.refusal(fixture.registry
                        .repoWorkflowEvents(
                                Fixture.CALLER,
                                request.toBuilder().setRepo(other).clearAfter().build())
                        .then()))
                .isEqualTo("PERMISSION_DENIED repo does not own workflow");
        assertThat(fixture.registry.watching()).isZero();
    }

    @Test
    void w36_aRepeatedInitRepoGetsTheFirstAnswer() {
        Vid before = fixture.registryVid(Fixture.REG);
        InitRepoI request = Fixture.repo("/data/a")
                .setRepoId(Fixture.bytes(new UUID(2, 2)))
                .setVid(Fixture.bytes(before))
                .build();
        InitRepoO first = Fixture.done(fixture.registry.initRepo(Fixture.CALLER, request));
        fixture.initRepo("/data/b");
        long position = journal.position();
        assertThat(Fixture.done(fixture.registry.initRepo(Fixture.CALLER, request)))
                .isEqualTo(first);
        assertThat(Fixture.done(restarted().registry.initRepo(Fixture.CALLER, request)))
                .as("also from a server that was started since")
                .isEqualTo(first);
        assertThat(journal.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/a", "/data/a/", "/data//x/../a"})
    void w36_refusalsSayWhatIsWrong(String path) {
        fixture.initRepo("/data/a");
        assertThat(initRepo(path)).isEqualTo("ALREADY_EXISTS registry error: repo already initialized at path");
        InitRepoI stale =
                Fixture.repo("/data/new").setVid(Fixture.bytes(new Vid(7, 7))).build();
        Vid stored = fixture.registryVid(Fixture.REG);
        assertThat(Fixture.refusal(fixture.registry.initRepo(Fixture.CALLER, stale)))
                .isEqualTo("ABORTED registry error: version conflict: stored VID " + stored + " != expected VID "
                        + new Vid(7, 7));
        assertThat(initRepo("/other/a")).isEqualTo("NOT_FOUND registry error: unknown root");
        assertThat(Fixture.refusal(fixture.registry.initRepo(
                        Fixture.CALLER,
                        Fixture.repo("/x").setRegistry("unknown").build())))
                .isEqualTo("NOT_FOUND registry error: uninitialized registry");
    }
}
