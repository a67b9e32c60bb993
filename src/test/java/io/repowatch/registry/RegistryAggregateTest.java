package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.registry.RegistryRepoCommands.AcceptRepo;
import io.repowatch.registry.RegistryRepoCommands.ConfirmRepo;
import io.repowatch.registry.RegistryRepoCommands.EnableGitlabRepo;
import io.repowatch.registry.RegistryRepoCommands.ReinitRepo;
import io.repowatch.registry.RootCommands.DisableGitlab;
import io.repowatch.registry.RootCommands.EnableGitlab;
import io.repowatch.registry.RootCommands.InitRoot;
import io.repowatch.registry.RootCommands.PatchRepoNaming;
import io.repowatch.registry.RootCommands.RemoveRoot;
import io.repowatch.registry.RootCommands.SetRepoInitPolicy;
import io.repowatch.registry.RootCommands.SetRepoNaming;
import io.repowatch.wire.nogfso.ConfigField;
import io.repowatch.wire.nogfso.ConfigMap;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy.SubdirTrackingGlob;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.StringList;
import io.repowatch.wire.nogfso.SubdirTracking;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of registry specification §3.2 that are not peripheral. */
class RegistryAggregateTest {
    private static final UUID A = new UUID(0x6161616161616161L, 0x6161616161616161L);
    private static final UUID B = new UUID(0x6262626262626262L, 0x6262626262626262L);
    private static final UUID WORKFLOW = new UUID(0x7777777777777777L, 0x7777777777777777L);
    private static final Vid STARTED = new Vid(0x7676767676767676L, 0x7676767676767676L);

    private static Deciding<RegistryState, RegistryEvent> initialized() {
        return Deciding.registry().given(new RegistryAggregate.Init("exreg"));
    }

    private static Deciding<RegistryState, RegistryEvent> withRoot() {
        return initialized().given(new InitRoot(root("/data", "host", "")));
    }

    private static Deciding<RegistryState, RegistryEvent> withRepo() {
        return withRoot().given(accept(A, "/data/a")).given(new ConfirmRepo(A, STARTED));
    }

    private static RegistryRepo repo(Deciding<RegistryState, RegistryEvent> registry, UUID id) {
        return Objects.requireNonNull(registry.state().repo(id));
    }

    private static FsoRootInfo root(String path, String host, String namespace) {
        return FsoRootInfo.newBuilder()
                .setGlobalRoot(path)
                .setHost(host)
                .setHostRoot("/srv")
                .setGitlabNamespace(namespace)
                .build();
    }

    private static AcceptRepo accept(UUID id, String path) {
        return new AcceptRepo(id, path, "N", "n@e");
    }

    private static FsoRepoNaming naming(String root, String rule, ConfigField... fields) {
        return FsoRepoNaming.newBuilder()
                .setGlobalRoot(root)
                .setRule(rule)
                .setConfig(ConfigMap.newBuilder().addAllFields(List.of(fields)))
                .build();
    }

    private static ConfigField texts(String key, String... values) {
        return ConfigField.newBuilder()
                .setKey(key)
                .setTextList(StringList.newBuilder().addAllVals(List.of(values)))
                .build();
    }

    private static FsoRepoInitPolicy policy(String root, String glob, SubdirTracking tracking) {
        return FsoRepoInitPolicy.newBuilder()
                .setGlobalRoot(root)
                .setPolicy(FsoRepoInitPolicy.InitPolicy.IPOL_SUBDIR_TRACKING_GLOBLIST)
                .addSubdirTrackingGloblist(
                        SubdirTrackingGlob.newBuilder().setPattern(glob).setSubdirTracking(tracking))
                .build();
    }

    @Test
    void initBeginsTheHistoryOnce() {
        Deciding.registry()
                .when(new RegistryAggregate.Init("exreg"))
                .then("event: EV_FSO_REGISTRY_ADDED fso_registry_info { name: \"exreg\" }")
                .when(new RegistryAggregate.Init("exreg"))
                .then()
                .when(new RegistryAggregate.Init("other"))
                .thenRefused("ALREADY_EXISTS init conflict");
    }

    @Test
    void everyCommandNeedsARegistry() {
        List<RegistryCommand> commands = List.of(
                new RegistryAggregate.EnableEphemeralWorkflows(A),
                new InitRoot(root("/data", "host", "")),
                new RemoveRoot("/data"),
                new EnableGitlab("/data", "h/g"),
                new DisableGitlab("/data"),
                new SetRepoNaming(naming("/data", "Stdtools2017")),
                new PatchRepoNaming(naming("/data", "Stdtools2017", texts("ignore", "x"))),
                new SetRepoInitPolicy(policy("/data", "*", SubdirTracking.ST_IGNORE_MOST)),
                accept(A, "/data/a"),
                new ConfirmRepo(A, STARTED),
                new ReinitRepo(A, "why"),
                new EnableGitlabRepo(A, "h/g"));
        for (RegistryCommand command : commands) {
            Deciding.registry().when(command).thenRefused("NOT_FOUND uninitialized registry");
        }
    }

    @Test
    void ephemeralWorkflowsAreNamedOnce() {
        initialized()
                .when(new RegistryAggregate.EnableEphemeralWorkflows(A))
                .then("event: EV_EPHEMERAL_WORKFLOWS_ENABLED ephemeral_workflows_id: \"aaaaaaaaaaaaaaaa\"")
                .when(new RegistryAggregate.EnableEphemeralWorkflows(A))
                .then()
                .when(new RegistryAggregate.EnableEphemeralWorkflows(B))
                .thenRefused("ALREADY_EXISTS ephemeral workflows ID conflict");
    }

    @Test
    void anExistingRootStaysAsItIs() {
        initialized()
                .when(new InitRoot(root("/data", "host", "h/g")))
                .then(
                        "event: EV_FSO_ROOT_ADDED fso_root_info { global_root: \"/data\" host: \"host\" host_root: \"/srv\" "
                                + "gitlab_namespace: \"h/g\" }")
                .when(new InitRoot(root("/data", "elsewhere", "")))
                .then();
    }

    @ParameterizedTest
    @CsvSource({"noslash", "/group", "host/"})
    void aNamespaceNeedsHostAndGroup(String namespace) {
        initialized()
                .when(new InitRoot(root("/data", "host", namespace)))
                .thenRefused("INVALID_ARGUMENT Gitlab namespace missing slash");
        withRoot()
                .when(new EnableGitlab("/data", namespace))
                .thenRefused("INVALID_ARGUMENT Gitlab namespace missing slash");
    }

    @Test
    void aRootWithoutHostIsRefused() {
        initialized().when(new InitRoot(root("/data", "", ""))).thenRefused("INVALID_ARGUMENT missing host");
    }

    @Test
    void aRootIsRemovedOnce() {
        withRoot()
                .when(new RemoveRoot("/data"))
                .then("event: EV_FSO_ROOT_REMOVED fso_root_info { global_root: \"/data\" }")
                .when(new RemoveRoot("/data"))
                .thenRefused("NOT_FOUND unknown root");
    }

    @Test
    void gitlabOfARootIsSwitchedOnAndOff() {
        String updated =
                "event: EV_FSO_ROOT_UPDATED fso_root_info { global_root: \"/data\" host: \"host\" host_root: \"/srv\"";
        withRoot()
                .when(new DisableGitlab("/data"))
                .then()
                .when(new EnableGitlab("/data", "h/g"))
                .then(updated + " gitlab_namespace: \"h/g\" }")
                .when(new EnableGitlab("/data", "h/g"))
                .then()
                .when(new DisableGitlab("/data"))
                .then(updated + " }")
                .when(new EnableGitlab("/other", "h/g"))
                .thenRefused("NOT_FOUND unknown root")
                .when(new DisableGitlab("/other"))
                .thenRefused("NOT_FOUND unknown root");
    }

    @Test
    void namingIsSetPatchedAndSetAgain() {
        FsoRepoNaming rule = naming("/data", "Stdtools2017", texts("ignore", "a"));
        FsoRepoNaming patch = naming("/data", "Stdtools2017", texts("ignore", "b"));
        var registry = withRoot().given(new SetRepoNaming(rule));
        registry.when(new SetRepoNaming(rule)).then();
        assertThat(registry.when(new PatchRepoNaming(patch)).events())
                .containsExactly(RegistryEvent.newBuilder()
                        .setEvent(RegistryEvent.Type.EV_FSO_REPO_NAMING_CONFIG_UPDATED)
                        .setFsoRepoNaming(patch)
                        .build());
        registry.given(new PatchRepoNaming(patch));
        assertThat(Objects.requireNonNull(registry.state().root("/data")).naming())
                .isEqualTo(naming("/data", "Stdtools2017", texts("ignore", "a", "b")));
        assertThat(registry.when(new SetRepoNaming(rule)).events())
                .as("after a patch the same rule is a change")
                .hasSize(1);
        registry.when(new SetRepoNaming(naming("/other", "Stdtools2017"))).thenRefused("NOT_FOUND unknown root");
        registry.when(new PatchRepoNaming(naming("/other", "Stdtools2017", texts("ignore", "a"))))
                .thenRefused("NOT_FOUND unknown root");
        registry.when(new PatchRepoNaming(naming("/data", "PathPatterns", texts("enabledPaths", "0 a"))))
                .thenRefused("FAILED_PRECONDITION naming rule mismatch");
    }

    @Test
    void theInitPolicyIsSetOnce() {
        FsoRepoInitPolicy policy = policy("/data", "*", SubdirTracking.ST_BUNDLE_SUBDIRS);
        withRoot()
                .when(new SetRepoInitPolicy(policy))
                .then("event: EV_FSO_REPO_INIT_POLICY_UPDATED fso_repo_init_policy { global_root: \"/data\" "
                        + "policy: IPOL_SUBDIR_TRACKING_GLOBLIST subdir_tracking_globlist { pattern: \"*\" "
                        + "subdir_tracking: ST_BUNDLE_SUBDIRS } }")
                .when(new SetRepoInitPolicy(policy))
                .then()
                .when(new SetRepoInitPolicy(policy("/other", "*", SubdirTracking.ST_BUNDLE_SUBDIRS)))
                .thenRefused("NOT_FOUND unknown root");
    }

    @Test
    void aRepoIsAcceptedAndConfirmed() {
        withRoot()
                .when(accept(A, "/data/a"))
                .then("event: EV_FSO_REPO_ACCEPTED fso_repo_info { global_path: \"/data/a\" creator_name: \"N\" "
                        + "creator_email: \"n@e\" id: \"aaaaaaaaaaaaaaaa\" }")
                .when(new ConfirmRepo(A, STARTED))
                .then("event: EV_FSO_REPO_ADDED fso_repo_info { global_path: \"/data/a\" id: \"aaaaaaaaaaaaaaaa\" } "
                        + "repo_event_id: \"vvvvvvvvvvvvvvvv\"")
                .when(new ConfirmRepo(A, STARTED))
                .then()
                .when(new ConfirmRepo(B, STARTED))
                .thenRefused("NOT_FOUND unknown repo");
    }

    @Test
    void acceptingChecksInTheOrderOfTheTable() {
        withRepo()
                .when(new AcceptRepo(A, "/data/a", "", ""))
                .thenRefused("INVALID_ARGUMENT missing creator name")
                .when(new AcceptRepo(A, "/data/a", "N", ""))
                .thenRefused("INVALID_ARGUMENT missing creator email")
                .when(accept(B, "/data/a"))
                .thenRefused("ALREADY_EXISTS repo already initialized at path")
                .when(accept(A, "/data/b"))
                .thenRefused("ALREADY_EXISTS repo id already in use")
                .when(accept(B, "/database"))
                .thenRefused("NOT_FOUND unknown root");
    }

    @Test
    void nothingIsAddedBelowAFrozenRepo() {
        withRepo()
                .given(tier(RegistryEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2, 0))
                .when(accept(B, "/data/a/deep/b"))
                .thenRefused("FAILED_PRECONDITION parent repo immutable")
                .when(accept(B, "/data/ab"))
                .then("event: EV_FSO_REPO_ACCEPTED fso_repo_info { global_path: \"/data/ab\" creator_name: \"N\" "
                        + "creator_email: \"n@e\" id: \"bbbbbbbbbbbbbbbb\" }");
    }

    @Test
    void aReasonIsAppliedOnce() {
        withRepo()
                .when(new ReinitRepo(A, ""))
                .thenRefused("INVALID_ARGUMENT empty reason")
                .when(new ReinitRepo(B, "why"))
                .thenRefused("NOT_FOUND unknown repo")
                .when(new ReinitRepo(A, "why"))
                .then("event: EV_FSO_REPO_REINIT_ACCEPTED fso_repo_info { global_path: \"/data/a\" "
                        + "id: \"aaaaaaaaaaaaaaaa\" } fso_repo_reinit_reason: \"why\"")
                .when(new ReinitRepo(A, "why"))
                .thenRefused("ALREADY_EXISTS reason already applied");
    }

    @Test
    void gitlabIsEnabledOncePerRepo() {
        withRepo()
                .when(new EnableGitlabRepo(B, "h/g"))
                .thenRefused("NOT_FOUND unknown repo")
                .when(new EnableGitlabRepo(A, "nothing"))
                .thenRefused("INVALID_ARGUMENT Gitlab namespace missing slash")
                .when(new EnableGitlabRepo(A, "h/g"))
                .then(
                        "event: EV_FSO_REPO_ENABLE_GITLAB_ACCEPTED repo_id: \"aaaaaaaaaaaaaaaa\" gitlab_namespace: \"h/g\"")
                .when(new EnableGitlabRepo(A, "h/g"))
                .then()
                .when(new EnableGitlabRepo(A, "h/other"))
                .thenRefused("ALREADY_EXISTS GitLab already initialized with conflicting namespace");
    }

    @Test
    void aRepoTakesTheNamespaceThatItsRootHasWhenItIsAccepted() {
        var registry = initialized()
                .given(new InitRoot(root("/data", "host", "h/g")))
                .given(accept(A, "/data/a"))
                .given(new DisableGitlab("/data"))
                .given(accept(B, "/data/b"));
        assertThat(repo(registry, A).gitlabNamespace()).isEqualTo("h/g");
        assertThat(repo(registry, B).gitlabNamespace()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "EV_FSO_FREEZE_REPO_STARTED_2, 0, ST_FREEZING",
        "EV_FSO_FREEZE_REPO_COMPLETED_2, 0, ST_FROZEN",
        "EV_FSO_FREEZE_REPO_COMPLETED_2, 105, ST_FREEZE_FAILED",
        "EV_FSO_UNFREEZE_REPO_STARTED_2, 0, ST_UNFREEZING",
        "EV_FSO_UNFREEZE_REPO_COMPLETED_2, 0, ST_ONLINE",
        "EV_FSO_UNFREEZE_REPO_COMPLETED_2, 108, ST_UNFREEZE_FAILED",
        "EV_FSO_ARCHIVE_REPO_STARTED, 0, ST_ARCHIVING",
        "EV_FSO_ARCHIVE_REPO_COMPLETED, 0, ST_ARCHIVED",
        "EV_FSO_ARCHIVE_REPO_COMPLETED, 113, ST_ARCHIVE_FAILED",
        "EV_FSO_UNARCHIVE_REPO_STARTED, 0, ST_UNARCHIVING",
        "EV_FSO_UNARCHIVE_REPO_COMPLETED, 0, ST_FROZEN",
        "EV_FSO_UNARCHIVE_REPO_COMPLETED, 304, ST_UNARCHIVE_FAILED"
    })
    void tierEventsLeadToATier(RegistryEvent.Type type, int status, StorageTierCode tier) {
        RegistryRepo repo = repo(withRepo().given(tier(type, status)), A);
        assertThat(repo.tier()).isEqualTo(tier);
        assertThat(Objects.requireNonNull(repo.storageWorkflow()).workflow()).isEqualTo(WORKFLOW);
    }

    private static RegistryEvent tier(RegistryEvent.Type type, int status) {
        return RegistryEvent.newBuilder()
                .setEvent(type)
                .setRepoId(Fixture.bytes(A))
                .setWorkflowId(Fixture.bytes(WORKFLOW))
                .setStatusCode(status)
                .build();
    }

    @Test
    void aMoveReservesItsPathAndSwitchesTheIndexAtTheEnd() {
        var registry = withRepo().given(move(RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED));
        assertThat(repo(registry, A).path()).isEqualTo("/data/a");
        registry.when(accept(B, "/data/new")).thenRefused("ALREADY_EXISTS repo already initialized at path");
        registry.when(new RemoveRoot("/data")).thenRefused("FAILED_PRECONDITION root has repos");

        registry.given(move(RegistryEvent.Type.EV_FSO_REPO_MOVED));
        assertThat(repo(registry, A).path()).isEqualTo("/data/new");
        assertThat(registry.state().paths().get("/data/new")).isEqualTo(A);
        assertThat(registry.state().reserved().size()).isZero();
        registry.given(accept(B, "/data/a"));
        registry.when(accept(EntityIds.main(), "/data/new"))
                .thenRefused("ALREADY_EXISTS repo already initialized at path");
    }

    private static RegistryEvent move(RegistryEvent.Type type) {
        return RegistryEvent.newBuilder()
                .setEvent(type)
                .setWorkflowId(Fixture.bytes(WORKFLOW))
                .setFsoRepoInfo(FsoRepoInfo.newBuilder().setId(Fixture.bytes(A)).setGlobalPath("/data/new"))
                .build();
    }

    @Test
    void eventsOfUnknownTypesOrAboutUnknownThingsChangeNothing() {
        var registry = withRepo();
        RegistryState before = registry.state();
        registry.given(RegistryEvent.newBuilder().setEventValue(4711).build());
        registry.given(RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_PATH_FLAG_SET)
                .build());
        registry.given(RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_ROOT_UPDATED)
                .setFsoRootInfo(root("/unknown", "h", ""))
                .build());
        registry.given(RegistryEvent.newBuilder()
                .setEvent(RegistryEvent.Type.EV_FSO_REPO_ADDED)
                .setFsoRepoInfo(FsoRepoInfo.newBuilder().setId(ByteString.copyFromUtf8("short")))
                .build());
        assertThat(registry.state()).isEqualTo(before);
    }
}
