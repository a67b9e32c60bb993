package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.repowatch.id.Authorizer;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.MemoryJournal;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** What existing programs do at run time, with descriptors made from the contract table, over a real socket. */
class ForeignClientTest {
    private static final int REPOS = 40;

    private final Fixture fixture = new Fixture(new MemoryJournal(), Schedulers.parallel(), Authorizer.ALLOW_ALL);
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private Server server;
    private ForeignClient client;

    @BeforeEach
    void serve() throws Exception {
        NettyServerBuilder builder = RegistryServices.configure(
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        RegistryServices.of(fixture.registry, () -> Fixture.CALLER).forEach(builder::addService);
        server = builder.intercept(new Counting()).build().start();
        client = new ForeignClient(server.getPort());
        client.call("Registry", "InitRegistry", ForeignClient.message("InitRegistryI", "registry", "exreg"));
        client.call(
                "Registry",
                "InitRoot",
                ForeignClient.message(
                        "InitRootI", "registry", "exreg", "global_root", "/data", "host", "h", "host_root", "/srv"));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        fixture.registry.close();
        server.shutdownNow();
        assertThat(server.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private final class Counting implements ServerInterceptor {
        @Override
        public <I, O> ServerCall.Listener<I> interceptCall(
                ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
            calls.merge(call.getMethodDescriptor().getFullMethodName(), 1, Integer::sum);
            return next.startCall(call, headers);
        }
    }

    private DynamicMessage initRepo(String path) {
        return client.call(
                "Registry",
                "InitRepo",
                ForeignClient.message(
                        "InitRepoI",
                        "registry",
                        "exreg",
                        "global_path",
                        path,
                        "creator_name",
                        "A",
                        "creator_email",
                        "a@e"));
    }

    private static DynamicMessage registryEvents(boolean watch, ByteString after) {
        return ForeignClient.message("RegistryEventsI", "registry", "exreg", "watch", watch, "after", after);
    }

    private static List<DynamicMessage> events(List<DynamicMessage> messages) {
        List<DynamicMessage> events = new ArrayList<>();
        for (DynamicMessage message : messages) {
            assertThat(ForeignClient.<Boolean>get(message, "will_block")).isFalse();
            events.addAll(ForeignClient.<List<DynamicMessage>>get(message, "events"));
        }
        return events;
    }

    private static List<String> types(List<DynamicMessage> events) {
        return events.stream().map(event -> ForeignClient.name(event, "event")).toList();
    }

    @Test
    void aColdStartTakesOneStreamOneReadAndTwoCallsPerRepo() {
        for (int i = 0; i < REPOS; i++) {
            ByteString repo = ForeignClient.get(initRepo("/data/" + i), "repo");
            client.call(
                    "Repos",
                    "ConfirmShadow",
                    ForeignClient.message("ConfirmShadowI", "repo", repo, "shadow_path", "/shadow/" + i));
        }
        calls.clear();

        Iterator<DynamicMessage> signals =
                client.open("LiveBroadcast", "AggregateSignals", ForeignClient.message("AggregateSignalsI"));
        assertThat(ForeignClient.<List<?>>get(signals.next(), "signals")).isEmpty();
        List<DynamicMessage> registry =
                events(client.read("Registry", "Events", registryEvents(false, ByteString.EMPTY)));
        List<ByteString> added = new ArrayList<>();
        for (DynamicMessage event : registry) {
            if (ForeignClient.name(event, "event").equals("EV_FSO_REPO_ADDED")) {
                added.add(ForeignClient.get(ForeignClient.get(event, "fso_repo_info"), "id"));
            }
        }
        assertThat(added).hasSize(REPOS).doesNotHaveDuplicates();
        for (ByteString repo : added) {
            List<DynamicMessage> repoEvents =
                    events(client.read("Repos", "Events", ForeignClient.message("RepoEventsI", "repo", repo)));
            assertThat(types(repoEvents)).containsExactly("EV_FSO_REPO_INIT_STARTED", "EV_FSO_SHADOW_REPO_CREATED");
            assertThat(ForeignClient.<ByteString>get(repoEvents.get(0), "parent"))
                    .as("present, not left out")
                    .isEqualTo(Fixture.bytes(Vid.EPOCH));
            DynamicMessage info = client.call("Repos", "GetRepo", ForeignClient.message("GetRepoI", "repo", repo));
            assertThat(ForeignClient.<String>get(info, "shadow")).startsWith("h:/shadow/");
            assertThat(ForeignClient.name(info, "storage_tier")).isEqualTo("ST_ONLINE");
            assertThat(ForeignClient.<ByteString>get(info, "vid"))
                    .isEqualTo(ForeignClient.get(repoEvents.get(1), "id"));
        }
        assertThat(calls)
                .isEqualTo(Map.of(
                        "nogfso.LiveBroadcast/AggregateSignals",
                        1,
                        "nogfso.Registry/Events",
                        1,
                        "nogfso.Repos/Events",
                        REPOS,
                        "nogfso.Repos/GetRepo",
                        REPOS));
    }

    @Test
    void signalsNameTheEntitiesThatClientsComputeThemselves() {
        Iterator<DynamicMessage> signals =
                client.open("LiveBroadcast", "AggregateSignals", ForeignClient.message("AggregateSignalsI"));
        signals.next();
        ByteString repo = ForeignClient.get(initRepo("/data/a"), "repo");
        List<ByteString> ids = new ArrayList<>();
        while (!ids.contains(repo)) {
            for (DynamicMessage signal : ForeignClient.<List<DynamicMessage>>get(signals.next(), "signals")) {
                assertThat(ForeignClient.<Integer>get(signal, "signals")).isEqualTo(1);
                ids.add(ForeignClient.get(signal, "entity_id"));
            }
        }
        assertThat(ids).contains(Fixture.bytes(EntityIds.registry("exreg")));
    }

    @Test
    void aReadGoesOnAfterAnEvent() {
        List<DynamicMessage> first = events(client.read("Registry", "Events", registryEvents(false, ByteString.EMPTY)));
        assertThat(types(first)).containsExactly("EV_FSO_REGISTRY_ADDED", "EV_FSO_ROOT_ADDED");
        ByteString last = ForeignClient.get(first.get(1), "id");
        assertThat(client.read("Registry", "Events", registryEvents(false, last)))
                .isEmpty();
        initRepo("/data/a");
        List<DynamicMessage> more = events(client.read("Registry", "Events", registryEvents(false, last)));
        assertThat(types(more)).containsExactly("EV_FSO_REPO_ACCEPTED", "EV_FSO_REPO_ADDED");
        assertThat(ForeignClient.<ByteString>get(more.get(0), "parent")).isEqualTo(last);

        assertThat(status("Registry", "Events", registryEvents(false, Fixture.bytes(new Vid(1, 1)))))
                .isEqualTo("OUT_OF_RANGE journal error: db: finding start failed: not found");
        assertThat(status("Registry", "Events", registryEvents(false, ByteString.copyFromUtf8("short"))))
                .startsWith("INVALID_ARGUMENT malformed after");
    }

    private String status(String service, String method, DynamicMessage request) {
        try {
            client.read(service, method, request);
            return "OK";
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() + " " + e.getStatus().getDescription();
        }
    }

    @Test
    void aWatchSaysWillBlockAfterEachDrain() {
        Iterator<DynamicMessage> watch = client.open("Registry", "Events", registryEvents(true, ByteString.EMPTY));
        assertThat(types(events(List.of(watch.next())))).hasSize(2);
        assertWillBlock(watch.next());
        initRepo("/data/a");
        assertThat(types(events(List.of(watch.next())))).containsExactly("EV_FSO_REPO_ACCEPTED", "EV_FSO_REPO_ADDED");
        assertWillBlock(watch.next());
        initRepo("/data/b");
        assertThat(types(events(List.of(watch.next()))))
                .as("nothing was said in between")
                .containsExactly("EV_FSO_REPO_ACCEPTED", "EV_FSO_REPO_ADDED");
    }

    private static void assertWillBlock(DynamicMessage message) {
        assertThat(ForeignClient.<Boolean>get(message, "will_block")).isTrue();
        assertThat(ForeignClient.<List<?>>get(message, "events")).isEmpty();
        assertThat(ForeignClient.<String>get(message, "registry")).isEqualTo("exreg");
    }

    @Test
    void unknownEventsAndFieldsBreakNothing() {
        UnknownFieldSet later = UnknownFieldSet.newBuilder()
                .addField(
                        1999,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                .build())
                .build();
        DynamicMessage request = ForeignClient.message("InfoI", "registry", "exreg").toBuilder()
                .setUnknownFields(later)
                .build();
        assertThat(ForeignClient.<Long>get(client.call("Registry", "Info", request), "num_roots"))
                .isEqualTo(1);

        ByteString tail = ForeignClient.get(client.call("Registry", "Info", request), "vid");
        Vid id = new Vid(Fixture.vid(tail).hi() + 1, 0);
        RegistryEvent unknown = RegistryEvent.newBuilder()
                .setEventValue(4711)
                .setId(Fixture.bytes(id))
                .setParent(tail)
                .setUnknownFields(later)
                .build();
        fixture.put(Fixture.registryStream("exreg"), id, unknown.toByteArray());
        initRepo("/data/a");
        List<DynamicMessage> events = events(client.read("Registry", "Events", registryEvents(false, tail)));
        assertThat(events).hasSize(3);
        assertThat(events.get(0).getUnknownFields().hasField(1999)).isTrue();
        assertThat(((EnumValueDescriptor) ForeignClient.get(events.get(0), "event")).getNumber())
                .isEqualTo(4711);
        assertThat(ForeignClient.<ByteString>get(events.get(1), "parent")).isEqualTo(Fixture.bytes(id));
    }

    @Test
    void whatIsNotThereSaysSo() {
        assertThat(client.read("Registry", "Events", ForeignClient.message("RegistryEventsI", "registry", "unknown")))
                .as("an unknown registry is an empty stream")
                .isEmpty();
        DynamicMessage unknownRepo = ForeignClient.message("RepoEventsI", "repo", Fixture.bytes(EntityIds.main()));
        assertThat(status("Repos", "Events", unknownRepo)).isEqualTo("NOT_FOUND repos error: uninitialized repo");
        assertThatThrownBy(() -> client.call(
                        "RegistryFreezeRepo",
                        "RegistryBeginFreezeRepo",
                        ForeignClient.message("RegistryBeginFreezeRepoI")))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    private static ByteString uuid(long lo) {
        return Fixture.bytes(new UUID(30, lo));
    }

    private ByteString readyRepo(String path) {
        ByteString repo = ForeignClient.get(initRepo(path), "repo");
        client.call(
                "Repos",
                "ConfirmShadow",
                ForeignClient.message("ConfirmShadowI", "repo", repo, "shadow_path", "/shadow" + path));
        return repo;
    }

    private List<DynamicMessage> workflowEvents(ByteString repo, ByteString workflow) {
        return events(client.read(
                "Repos",
                "WorkflowEvents",
                ForeignClient.message("RepoWorkflowEventsI", "repo", repo, "workflow", workflow)));
    }

    @Test
    void aMoveGoesThroughAllItsSteps() {
        ByteString repo = readyRepo("/data/a");
        ByteString workflow = uuid(1);
        assertThat(workflowEvents(repo, workflow)).as("may be watched before").isEmpty();
        DynamicMessage begin = ForeignClient.message(
                "BeginMoveRepoI",
                "registry",
                "exreg",
                "repo",
                repo,
                "workflow",
                workflow,
                "new_global_path",
                "/data/b");
        ByteString begun = ForeignClient.get(client.call("Registry", "BeginMoveRepo", begin), "vid");
        assertThat(ForeignClient.<ByteString>get(client.call("Registry", "BeginMoveRepo", begin), "vid"))
                .isEqualTo(begun);
        for (String step : List.of("PostMoveRepoAppAccepted", "PostMoveRepoStaReleased")) {
            client.call("Repos", step, ForeignClient.message(step + "I", "repo", repo, "workflow", workflow));
        }
        DynamicMessage commit = ForeignClient.message(
                "CommitMoveRepoI", "repo", repo, "workflow", workflow, "new_shadow_path", "/shadow/b");
        ByteString committed = ForeignClient.get(client.call("Repos", "CommitMoveRepo", commit), "workflow_vid");

        List<DynamicMessage> events = workflowEvents(repo, workflow);
        assertThat(types(events))
                .containsExactly(
                        "EV_FSO_REPO_MOVE_STARTED",
                        "EV_FSO_REPO_MOVE_APP_ACCEPTED",
                        "EV_FSO_REPO_MOVE_STA_RELEASED",
                        "EV_FSO_REPO_MOVED",
                        "EV_FSO_REPO_MOVE_COMMITTED");
        assertThat(ForeignClient.<ByteString>get(events.get(4), "id")).isEqualTo(committed);
        List<DynamicMessage> registry = events(client.read("Registry", "Events", registryEvents(false, begun)));
        assertThat(types(registry)).containsExactly("EV_FSO_REPO_MOVED");
        DynamicMessage info = client.call("Repos", "GetRepo", ForeignClient.message("GetRepoI", "repo", repo));
        assertThat(ForeignClient.<String>get(info, "global_path")).isEqualTo("/data/b");
        assertThat(ForeignClient.<String>get(info, "shadow")).isEqualTo("h:/shadow/b");
        ByteString other = readyRepo("/data/o");
        assertThat(status(
                        "Repos",
                        "WorkflowEvents",
                        ForeignClient.message("RepoWorkflowEventsI", "repo", other, "workflow", workflow)))
                .isEqualTo("PERMISSION_DENIED repo does not own workflow");
    }

    @Test
    void aMoveOfAShadowGoesThroughAllItsSteps() {
        ByteString repo = readyRepo("/data/a");
        ByteString workflow = uuid(2);
        client.call(
                "Repos",
                "BeginMoveShadow",
                ForeignClient.message(
                        "BeginMoveShadowI", "repo", repo, "workflow", workflow, "new_shadow_path", "/new/a"));
        for (String step : List.of("PostMoveShadowStaDisabled", "CommitMoveShadow")) {
            client.call("Repos", step, ForeignClient.message(step + "I", "repo", repo, "workflow", workflow));
        }
        assertThat(types(workflowEvents(repo, workflow)))
                .containsExactly(
                        "EV_FSO_SHADOW_REPO_MOVE_STARTED",
                        "EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED",
                        "EV_FSO_SHADOW_REPO_MOVED",
                        "EV_FSO_SHADOW_REPO_MOVE_COMMITTED");
        List<DynamicMessage> repoEvents =
                events(client.read("Repos", "Events", ForeignClient.message("RepoEventsI", "repo", repo)));
        assertThat(types(repoEvents).subList(2, 4))
                .containsExactly("EV_FSO_SHADOW_REPO_MOVE_STARTED", "EV_FSO_SHADOW_REPO_MOVED");
        DynamicMessage info = client.call("Repos", "GetRepo", ForeignClient.message("GetRepoI", "repo", repo));
        assertThat(ForeignClient.<String>get(info, "shadow")).isEqualTo("h:/new/a");
    }

    @Test
    void signalsNameEveryStreamThatAMoveWrites() {
        ByteString repo = readyRepo("/data/a");
        Iterator<DynamicMessage> signals =
                client.open("LiveBroadcast", "AggregateSignals", ForeignClient.message("AggregateSignalsI"));
        signals.next();
        client.call(
                "Registry",
                "BeginMoveRepo",
                ForeignClient.message(
                        "BeginMoveRepoI",
                        "registry",
                        "exreg",
                        "repo",
                        repo,
                        "workflow",
                        uuid(3),
                        "new_global_path",
                        "/data/b"));
        Set<String> seen = new TreeSet<>();
        while (seen.size() < 3) {
            for (DynamicMessage signal : ForeignClient.<List<DynamicMessage>>get(signals.next(), "signals")) {
                seen.add(ForeignClient.name(signal, "aggregate_type") + " "
                        + Fixture.uuid(ForeignClient.get(signal, "entity_id")));
            }
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "AT_REGISTRY " + EntityIds.registry("exreg"),
                        "AT_REPO " + Fixture.uuid(repo),
                        "AT_WORKFLOW " + Fixture.uuid(uuid(3)));
    }

    private List<DynamicMessage> registryWorkflow(ByteString workflow) {
        return events(client.read(
                "EphemeralRegistry",
                "RegistryWorkflowEvents",
                ForeignClient.message("RegistryWorkflowEventsI", "registry", "exreg", "workflow", workflow)));
    }

    /** As the requester, the processor and the storage host of the original do it, for both directions. */
    @Test
    void aFreezeAndAnUnfreezeGoThroughAllTheirSteps() {
        ByteString repo = readyRepo("/data/a");
        freeze("FreezeRepo", "FREEZE", repo, uuid(11), "ST_FROZEN");
        freeze("UnfreezeRepo", "UNFREEZE", repo, uuid(12), "ST_ONLINE");
        List<DynamicMessage> index = events(client.read(
                "EphemeralRegistry",
                "RegistryWorkflowIndexEvents",
                ForeignClient.message("RegistryWorkflowIndexEventsI", "registry", "exreg")));
        assertThat(types(index))
                .containsExactly(
                        "EV_FSO_FREEZE_REPO_STARTED_2",
                        "EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "EV_FSO_UNFREEZE_REPO_STARTED_2",
                        "EV_FSO_UNFREEZE_REPO_COMPLETED_2");
    }

    private void freeze(String kind, String event, ByteString repo, ByteString workflow, String tier) {
        DynamicMessage begin = ForeignClient.message(
                "Begin" + kind + "I",
                "registry",
                "exreg",
                "repo",
                repo,
                "workflow",
                workflow,
                "author_name",
                "A",
                "author_email",
                "a@e");
        DynamicMessage begun = client.call(kind, "Begin" + kind, begin);
        assertThat(client.call(kind, "Begin" + kind, begin)).isEqualTo(begun);
        DynamicMessage get = ForeignClient.message("Get" + kind + "I", "workflow", workflow);
        assertThat(ForeignClient.<Integer>get(client.call(kind, "Get" + kind, get), "status_code"))
                .isEqualTo(100);
        ByteString vid = ForeignClient.get(begun, "workflow_vid");
        String files = kind + "Files";
        client.call(kind, "Begin" + files, ForeignClient.message("Begin" + files + "I", "workflow", workflow));
        DynamicMessage commitFiles =
                ForeignClient.message("Commit" + files + "I", "workflow", workflow, "workflow_vid", vid);
        ByteString done = ForeignClient.get(client.call(kind, "Commit" + files, commitFiles), "workflow_vid");
        DynamicMessage commit = ForeignClient.message("Commit" + kind + "I", "workflow", workflow);
        assertThat(ForeignClient.<ByteString>get(client.call(kind, "Commit" + kind, commit), "workflow_vid"))
                .isEqualTo(done);
        DynamicMessage waited = client.call(
                kind,
                "Get" + kind,
                get.toBuilder()
                        .setField(
                                get.getDescriptorForType().findFieldByName("job_control"),
                                get.getDescriptorForType()
                                        .findFieldByName("job_control")
                                        .getEnumType()
                                        .findValueByName("JC_WAIT"))
                        .build());
        assertThat(ForeignClient.<Integer>get(waited, "status_code")).isZero();
        assertThat(ForeignClient.<ByteString>get(waited, "repoId")).isEqualTo(repo);
        assertThat(types(registryWorkflow(workflow)))
                .containsExactly(
                        "EV_FSO_" + event + "_REPO_STARTED_2",
                        "EV_FSO_" + event + "_REPO_FILES_STARTED",
                        "EV_FSO_" + event + "_REPO_FILES_COMPLETED",
                        "EV_FSO_" + event + "_REPO_COMPLETED_2",
                        "EV_FSO_" + event + "_REPO_COMMITTED");
        DynamicMessage info = client.call("Repos", "GetRepo", ForeignClient.message("GetRepoI", "repo", repo));
        assertThat(ForeignClient.name(info, "storage_tier")).isEqualTo(tier);
        assertThat(status(
                        kind,
                        "Abort" + kind,
                        ForeignClient.message(
                                "Abort" + kind + "I", "workflow", workflow, "status_code", 1, "status_message", "m")))
                .contains("already terminated");
    }

    @Test
    void aFailedFreezeLeavesAnError() {
        ByteString repo = readyRepo("/data/a");
        ByteString workflow = uuid(13);
        client.call(
                "FreezeRepo",
                "BeginFreezeRepo",
                ForeignClient.message(
                        "BeginFreezeRepoI",
                        "registry",
                        "exreg",
                        "repo",
                        repo,
                        "workflow",
                        workflow,
                        "author_name",
                        "A",
                        "author_email",
                        "a@e"));
        for (String step : List.of("AbortFreezeRepoFiles", "AbortFreezeRepo")) {
            client.call(
                    "FreezeRepo",
                    step,
                    ForeignClient.message(
                            step + "I", "workflow", workflow, "status_code", 105, "status_message", "no"));
        }
        DynamicMessage info = client.call("Repos", "GetRepo", ForeignClient.message("GetRepoI", "repo", repo));
        assertThat(ForeignClient.<String>get(info, "error_message")).isEqualTo("freeze failed: no");
        assertThat(ForeignClient.name(info, "storage_tier")).isEqualTo("ST_FREEZE_FAILED");
    }

    @Test
    void aPingIsAnsweredCountedAndEnded() {
        ByteString workflow = uuid(14);
        client.call(
                "PingRegistry",
                "BeginPingRegistry",
                ForeignClient.message("BeginPingRegistryI", "registry", "exreg", "workflow", workflow));
        for (String step : List.of("ServerPing", "PostServerPingSummary")) {
            client.call(
                    "PingRegistry",
                    step,
                    ForeignClient.message(step + "I", "workflow", workflow, "status_code", 0, "status_message", step));
        }
        assertThat(status("PingRegistry", "ServerPing", ForeignClient.message("ServerPingI", "workflow", workflow)))
                .startsWith("FAILED_PRECONDITION");
        DynamicMessage pings = client.call(
                "PingRegistry", "GetRegistryPings", ForeignClient.message("GetRegistryPingsI", "workflow", workflow));
        DynamicMessage summary = ForeignClient.get(pings, "summary");
        assertThat(ForeignClient.<Integer>get(summary, "status_code")).isEqualTo(100);
        assertThat(ForeignClient.<List<DynamicMessage>>get(pings, "server_pings"))
                .hasSize(1);
        client.call(
                "PingRegistry",
                "CommitPingRegistry",
                ForeignClient.message("CommitPingRegistryI", "workflow", workflow));
        assertThat(types(registryWorkflow(workflow)))
                .containsExactly(
                        "EV_FSO_PING_REGISTRY_STARTED",
                        "EV_FSO_SERVER_PINGED",
                        "EV_FSO_SERVER_PINGS_GATHERED",
                        "EV_FSO_PING_REGISTRY_COMPLETED",
                        "EV_FSO_PING_REGISTRY_COMMITTED");
    }

    @Test
    void announcementsAreReadAndWatched() {
        Iterator<DynamicMessage> watch = client.open(
                "Broadcast",
                "Events",
                ForeignClient.message("BroadcastEventsI", "channel", "all", "watch", true, "afterNow", true));
        assertThat(ForeignClient.<Boolean>get(watch.next(), "will_block")).isTrue();
        ByteString repo = readyRepo("/data/a");
        client.call(
                "GitBroadcaster",
                "PostGitRefUpdated",
                ForeignClient.message("PostGitRefUpdatedI", "repo", repo, "ref", "refs/heads/x", "commit", repo));
        Set<String> seen = new TreeSet<>();
        while (!seen.contains("EV_BC_FSO_GIT_REF_UPDATED")) {
            for (DynamicMessage event : ForeignClient.<List<DynamicMessage>>get(watch.next(), "events")) {
                seen.add(ForeignClient.name(event, "event"));
            }
        }
        assertThat(seen)
                .containsExactly("EV_BC_FSO_GIT_REF_UPDATED", "EV_BC_FSO_REGISTRY_CHANGED", "EV_BC_FSO_REPO_CHANGED");
        List<DynamicMessage> all =
                events(client.read("Broadcast", "Events", ForeignClient.message("BroadcastEventsI", "channel", "all")));
        assertThat(types(all)).contains("EV_BC_FSO_MAIN_CHANGED").endsWith("EV_BC_FSO_GIT_REF_UPDATED");
        List<DynamicMessage> rest = events(client.read(
                "Broadcast",
                "Events",
                ForeignClient.message(
                        "BroadcastEventsI",
                        "channel",
                        "all",
                        "after",
                        ForeignClient.<ByteString>get(all.get(all.size() - 2), "id"))));
        assertThat(rest).hasSize(1);
    }
}
