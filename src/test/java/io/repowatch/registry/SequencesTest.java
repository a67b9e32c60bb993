package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.ClearRepoErrorI;
import io.repowatch.wire.nogfso.ConfigField;
import io.repowatch.wire.nogfso.ConfigMap;
import io.repowatch.wire.nogfso.ConfirmGitI;
import io.repowatch.wire.nogfso.ConfirmShadowI;
import io.repowatch.wire.nogfso.EnableEphemeralWorkflowsI;
import io.repowatch.wire.nogfso.EnableGitlabRepoI;
import io.repowatch.wire.nogfso.EnableGitlabRootI;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy;
import io.repowatch.wire.nogfso.FsoRepoInitPolicy.SubdirTrackingGlob;
import io.repowatch.wire.nogfso.FsoRepoNaming;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.InitRepoO;
import io.repowatch.wire.nogfso.PatchRepoNamingI;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.ReinitRepoI;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.SetRepoErrorI;
import io.repowatch.wire.nogfso.StringList;
import io.repowatch.wire.nogfso.SubdirTracking;
import io.repowatch.wire.nogfso.UpdateRepoInitPolicyI;
import io.repowatch.wire.nogfso.UpdateRepoNamingI;
import io.repowatch.wire.v1.MainEvent;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The event sequences S1 to S5 of registry specification §5.3, each command one append. */
class SequencesTest {
    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal);

    private static List<StreamId> streams(List<Append> append) {
        return append.stream().map(Append::stream).toList();
    }

    private List<StreamId> lastAppend() {
        return streams(journal.appends.get(journal.appends.size() - 1));
    }

    @Test
    void s1InitRegistry() {
        Vid mainVid = fixture.initRegistry(Fixture.REG);

        StreamId main = Category.MAIN.stream(EntityIds.main());
        assertThat(journal.appends).hasSize(1);
        assertThat(lastAppend()).containsExactly(main, main, Fixture.registryStream(Fixture.REG), main);
        assertThat(fixture.mainEvents().stream().map(MainEvent::getEvent))
                .containsExactly(
                        MainEvent.Type.MAIN_INITIALIZED,
                        MainEvent.Type.REGISTRY_ACCEPTED,
                        MainEvent.Type.REGISTRY_CONFIRMED);
        assertThat(fixture.registryTypes()).containsExactly(RegistryEvent.Type.EV_FSO_REGISTRY_ADDED);
        assertThat(fixture.initRegistry(Fixture.REG)).as("repeated").isEqualTo(mainVid);
        assertThat(journal.appends).hasSize(1);
    }

    @Test
    void s2SetUp() {
        fixture.initRegistry(Fixture.REG);
        Fixture.done(fixture.registry.enableEphemeralWorkflows(
                Fixture.CALLER,
                EnableEphemeralWorkflowsI.newBuilder().setRegistry(Fixture.REG).build()));
        fixture.initRoot(Fixture.REG, "/data");
        Fixture.done(fixture.registry.updateRepoNaming(
                Fixture.CALLER,
                UpdateRepoNamingI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setNaming(naming("a"))
                        .build()));
        Fixture.done(fixture.registry.patchRepoNaming(
                Fixture.CALLER,
                PatchRepoNamingI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setNamingPatch(naming("b"))
                        .build()));
        Fixture.done(fixture.registry.updateRepoInitPolicy(
                Fixture.CALLER,
                UpdateRepoInitPolicyI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setPolicy(policy())
                        .build()));
        Fixture.done(fixture.registry.enableGitlabRoot(
                Fixture.CALLER,
                EnableGitlabRootI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setGlobalRoot("/data")
                        .setGitlabNamespace("h/g")
                        .build()));
        assertThat(fixture.registryTypes())
                .containsExactly(
                        RegistryEvent.Type.EV_FSO_REGISTRY_ADDED,
                        RegistryEvent.Type.EV_EPHEMERAL_WORKFLOWS_ENABLED,
                        RegistryEvent.Type.EV_FSO_ROOT_ADDED,
                        RegistryEvent.Type.EV_FSO_REPO_NAMING_UPDATED,
                        RegistryEvent.Type.EV_FSO_REPO_NAMING_CONFIG_UPDATED,
                        RegistryEvent.Type.EV_FSO_REPO_INIT_POLICY_UPDATED,
                        RegistryEvent.Type.EV_FSO_ROOT_UPDATED);

        InitRepoO repo = fixture.initRepo("/data/bundle");
        RepoEvent started = fixture.repoEvents(repo.getRepo()).get(0);
        assertThat(started.getFsoRepoInitInfo().getSubdirTracking()).isEqualTo(SubdirTracking.ST_BUNDLE_SUBDIRS);
        assertThat(started.getFsoRepoInitInfo().getGitlabHost()).isEqualTo("h");
        assertThat(started.getFsoRepoInitInfo().getGitlabPath()).isEqualTo("g/" + Fixture.uuid(repo.getRepo()));
        InitRepoO other = fixture.initRepo("/data/other");
        assertThat(fixture.repoEvents(other.getRepo())
                        .get(0)
                        .getFsoRepoInitInfo()
                        .getSubdirTracking())
                .isEqualTo(SubdirTracking.ST_IGNORE_MOST);
    }

    private static FsoRepoNaming naming(String ignored) {
        return FsoRepoNaming.newBuilder()
                .setGlobalRoot("/data")
                .setRule("Stdtools2017")
                .setConfig(ConfigMap.newBuilder()
                        .addFields(ConfigField.newBuilder()
                                .setKey("ignore")
                                .setTextList(StringList.newBuilder().addVals(ignored))))
                .build();
    }

    private static FsoRepoInitPolicy policy() {
        return FsoRepoInitPolicy.newBuilder()
                .setGlobalRoot("/data")
                .setPolicy(FsoRepoInitPolicy.InitPolicy.IPOL_SUBDIR_TRACKING_GLOBLIST)
                .addSubdirTrackingGloblist(SubdirTrackingGlob.newBuilder()
                        .setPattern("b*")
                        .setSubdirTracking(SubdirTracking.ST_BUNDLE_SUBDIRS))
                .build();
    }

    @Test
    void s3InitRepoToUsable() {
        fixture.prepared();
        InitRepoO repo = fixture.initRepo("/data/a");
        StreamId registry = Fixture.registryStream(Fixture.REG);
        StreamId stream = Fixture.repoStream(Fixture.uuid(repo.getRepo()));
        assertThat(lastAppend()).containsExactly(registry, stream, registry);

        Fixture.done(fixture.registry.confirmShadow(
                Fixture.CALLER,
                ConfirmShadowI.newBuilder()
                        .setRepo(repo.getRepo())
                        .setShadowPath("/shadow/a")
                        .build()));
        Fixture.done(fixture.registry.confirmGit(
                Fixture.CALLER,
                ConfirmGitI.newBuilder()
                        .setRepo(repo.getRepo())
                        .setGitlabProjectId(7)
                        .build()));

        List<RegistryEvent> registryEvents = fixture.registryEvents(Fixture.REG);
        List<RepoEvent> repoEvents = fixture.repoEvents(repo.getRepo());
        assertThat(fixture.registryTypes().subList(2, 4))
                .containsExactly(RegistryEvent.Type.EV_FSO_REPO_ACCEPTED, RegistryEvent.Type.EV_FSO_REPO_ADDED);
        assertThat(registryEvents.get(3).getRepoEventId())
                .isEqualTo(repoEvents.get(0).getId());
        assertThat(registryEvents.get(3).getId()).as("the answer's version").isEqualTo(repo.getVid());
        assertThat(repoEvents.stream().map(RepoEvent::getEvent))
                .containsExactly(
                        RepoEvent.Type.EV_FSO_REPO_INIT_STARTED,
                        RepoEvent.Type.EV_FSO_SHADOW_REPO_CREATED,
                        RepoEvent.Type.EV_FSO_GIT_REPO_CREATED);
        assertThat(repoEvents.get(0).getParent()).isEqualTo(Fixture.bytes(Vid.EPOCH));
        assertThat(repoEvents.get(1).getParent()).isEqualTo(repoEvents.get(0).getId());
        assertThat(repoEvents.get(0).getFsoRepoInitInfo().getHostPath()).isEqualTo("/srv/data/a");

        GetRepoO known = fixture.getRepo(repo.getRepo());
        assertThat(known.getFile()).isEqualTo("host:/srv/data/a");
        assertThat(known.getShadow()).isEqualTo("host:/shadow/a");
        assertThat(known.getStorageTier()).isEqualTo(GetRepoO.StorageTierCode.ST_ONLINE);
        assertThat(known.getGitlab()).isEmpty();
        assertThat(known.getGitlabProjectId()).isEqualTo(7);
        assertThat(known.getVid()).isEqualTo(repoEvents.get(2).getId());
        assertThat(known.getRegistry()).isEqualTo(Fixture.REG);
    }

    @Test
    void s4ErrorAndRetry() {
        InitRepoO repo = fixture.prepared().initRepo("/data/a");
        Fixture.done(fixture.registry.setRepoError(
                Fixture.CALLER,
                SetRepoErrorI.newBuilder()
                        .setRepo(repo.getRepo())
                        .setErrorMessage("no such directory")
                        .build()));
        assertThat(fixture.getRepo(repo.getRepo()).getErrorMessage()).isEqualTo("no such directory");
        Fixture.done(fixture.registry.clearRepoError(
                Fixture.CALLER,
                ClearRepoErrorI.newBuilder()
                        .setRepo(repo.getRepo())
                        .setErrorMessage("no such directory")
                        .build()));
        Fixture.done(fixture.registry.confirmShadow(
                Fixture.CALLER,
                ConfirmShadowI.newBuilder()
                        .setRepo(repo.getRepo())
                        .setShadowPath("/s")
                        .build()));
        Fixture.done(fixture.registry.reinitRepo(
                Fixture.CALLER,
                ReinitRepoI.newBuilder()
                        .setRegistry(Fixture.REG)
                        .setRepo(repo.getRepo())
                        .setReason("again")
                        .build()));
        assertThat(fixture.repoEvents(repo.getRepo()).stream().map(RepoEvent::getEvent))
                .containsExactly(
                        RepoEvent.Type.EV_FSO_REPO_INIT_STARTED,
                        RepoEvent.Type.EV_FSO_REPO_ERROR_SET,
                        RepoEvent.Type.EV_FSO_REPO_ERROR_CLEARED,
                        RepoEvent.Type.EV_FSO_SHADOW_REPO_CREATED);
        assertThat(fixture.registryTypes()).endsWith(RegistryEvent.Type.EV_FSO_REPO_REINIT_ACCEPTED);
    }

    @Test
    void s5EnableGitlabOnAShadowOnlyRepo() {
        InitRepoO repo = fixture.prepared().initRepo("/data/a");
        UUID id = Fixture.uuid(repo.getRepo());
        EnableGitlabRepoI request = EnableGitlabRepoI.newBuilder()
                .setRegistry(Fixture.REG)
                .setRepo(repo.getRepo())
                .setGitlabNamespace("h/g/")
                .build();
        Vid vid = Fixture.vid(Fixture.done(fixture.registry.enableGitlabRepo(Fixture.CALLER, request))
                .getVid());
        assertThat(lastAppend()).containsExactly(Fixture.registryStream(Fixture.REG), Fixture.repoStream(id));
        assertThat(vid).isEqualTo(fixture.registryVid(Fixture.REG));
        assertThat(Fixture.vid(Fixture.done(fixture.registry.enableGitlabRepo(Fixture.CALLER, request))
                        .getVid()))
                .as("repeated")
                .isEqualTo(vid);
        assertThat(fixture.registryTypes()).endsWith(RegistryEvent.Type.EV_FSO_REPO_ENABLE_GITLAB_ACCEPTED);
        assertThat(fixture.repoEvents(repo.getRepo()).get(1).getEvent())
                .isEqualTo(RepoEvent.Type.EV_FSO_ENABLE_GITLAB_ACCEPTED);
        assertThat(fixture.getRepo(repo.getRepo()).getGitlab()).isEqualTo("h:g/" + id);
    }
}
