package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.AbortFreezeRepoI;
import io.repowatch.wire.nogfso.BeginFreezeRepoFilesI;
import io.repowatch.wire.nogfso.BeginFreezeRepoO;
import io.repowatch.wire.nogfso.BeginPingRegistryO;
import io.repowatch.wire.nogfso.CommitFreezeRepoFilesI;
import io.repowatch.wire.nogfso.CommitFreezeRepoI;
import io.repowatch.wire.nogfso.CommitFreezeRepoO;
import io.repowatch.wire.nogfso.CommitPingRegistryI;
import io.repowatch.wire.nogfso.GetRegistryPingsI;
import io.repowatch.wire.nogfso.GetRegistryPingsO;
import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.JobControl;
import io.repowatch.wire.nogfso.PostServerPingSummaryI;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.ServerPingI;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The event sequences S8, S10 and S11 of registry specification §5.3, each command one append. */
class FreezeSequencesTest {
    private static final UUID W1 = Freezing.workflow(1);
    private static final UUID W2 = Freezing.workflow(2);

    private final ScriptedJournal journal = new ScriptedJournal();
    private final Fixture fixture = new Fixture(journal).prepared();
    private final Freezing freezing = new Freezing(fixture);

    private List<String> lastAppend() {
        return Freezing.sequence(journal.appends.get(journal.appends.size() - 1));
    }

    private <T> T last(List<T> events) {
        return events.get(events.size() - 1);
    }

    @Test
    void s8FreezeAndUnfreeze() {
        Vid registryVid = fixture.registryVid(Fixture.REG);
        Vid repoVid = Fixture.vid(fixture.getRepo(freezing.repo).getVid());
        int before = journal.appends.size();
        BeginFreezeRepoO begun = Fixture.done(fixture.registry.beginFreezeRepo(
                Fixture.CALLER,
                freezing.request(W1)
                        .setRegistryVid(Fixture.bytes(registryVid))
                        .setRepoVid(Fixture.bytes(repoVid))
                        .build()));
        assertThat(journal.appends).hasSize(before + 1);
        assertThat(lastAppend())
                .containsExactly(
                        "W EV_FSO_FREEZE_REPO_STARTED_2",
                        "X EV_FSO_FREEZE_REPO_STARTED_2",
                        "R EV_FSO_FREEZE_REPO_STARTED_2",
                        "P EV_FSO_FREEZE_REPO_STARTED_2",
                        "W EV_FSO_FREEZE_REPO_FILES_STARTED");
        assertThat(freezing.tiers()).isEqualTo("ST_FREEZING ST_FREEZING");
        checkStart(begun, registryVid, repoVid);
        assertThat(Fixture.done(freezing.get(W1, JobControl.JC_NO_WAIT)).getStatusMessage())
                .isEqualTo("freezing files");

        Vid done = Fixture.done(freezing.commitFiles(W1));
        assertThat(journal.appends).hasSize(before + 2);
        assertThat(lastAppend())
                .containsExactly(
                        "W EV_FSO_FREEZE_REPO_FILES_COMPLETED",
                        "P EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "R EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "X EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_FREEZE_REPO_COMMITTED");
        List<WorkflowEvent> workflow = freezing.events(W1);
        assertThat(last(freezing.index()).getWorkflowEventId())
                .isEqualTo(workflow.get(workflow.size() - 2).getId());
        assertThat(done).isEqualTo(Fixture.vid(last(workflow).getId()));
        assertThat(freezing.tiers()).isEqualTo("ST_FROZEN ST_FROZEN");

        Fixture.done(freezing.beginUnfreeze(W2));
        assertThat(lastAppend())
                .containsExactly(
                        "W EV_FSO_UNFREEZE_REPO_STARTED_2",
                        "X EV_FSO_UNFREEZE_REPO_STARTED_2",
                        "R EV_FSO_UNFREEZE_REPO_STARTED_2",
                        "P EV_FSO_UNFREEZE_REPO_STARTED_2",
                        "W EV_FSO_UNFREEZE_REPO_FILES_STARTED");
        Fixture.done(freezing.commitUnfreezeFiles(W2));
        assertThat(lastAppend())
                .containsExactly(
                        "W EV_FSO_UNFREEZE_REPO_FILES_COMPLETED",
                        "P EV_FSO_UNFREEZE_REPO_COMPLETED_2",
                        "R EV_FSO_UNFREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_UNFREEZE_REPO_COMPLETED_2",
                        "X EV_FSO_UNFREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_UNFREEZE_REPO_COMMITTED");
        assertThat(freezing.tiers()).isEqualTo("ST_ONLINE ST_ONLINE");
    }

    private void checkStart(BeginFreezeRepoO begun, Vid registryVid, Vid repoVid) {
        List<WorkflowEvent> workflow = freezing.events(W1);
        WorkflowEvent start = workflow.get(0);
        assertThat(start)
                .isEqualTo(WorkflowEvent.newBuilder()
                        .setEvent(WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2)
                        .setId(start.getId())
                        .setParent(Fixture.bytes(Vid.EPOCH))
                        .setRegistryId(Fixture.bytes(EntityIds.registry(Fixture.REG)))
                        .setFsoRegistryName(Fixture.REG)
                        .setRepoId(freezing.repo)
                        .setGitAuthor(io.repowatch.wire.nogfso.GitUser.newBuilder()
                                .setName("A")
                                .setEmail("a@example.org"))
                        .setFsoRepoInitInfo(io.repowatch.wire.nogfso.FsoRepoInitInfo.newBuilder()
                                .setGlobalPath("/data/a"))
                        .setRegistryEventId(Fixture.bytes(registryVid))
                        .setRepoEventId(Fixture.bytes(repoVid))
                        .build());
        WorkflowEvent listed = last(freezing.index());
        assertThat(listed.getWorkflowEventId()).isEqualTo(start.getId());
        assertThat(listed.getWorkflowId()).isEqualTo(Fixture.bytes(W1));
        assertThat(listed.getFsoRepoInitInfo().getGlobalPath()).isEqualTo("/data/a");
        RegistryEvent inRegistry = last(fixture.registryEvents(Fixture.REG));
        assertThat(inRegistry.getRepoId()).isEqualTo(freezing.repo);
        assertThat(inRegistry.getWorkflowId()).isEqualTo(Fixture.bytes(W1));
        RepoEvent inRepo = last(fixture.repoEvents(freezing.repo));
        assertThat(inRepo.getWorkflowId()).isEqualTo(Fixture.bytes(W1));
        assertThat(begun)
                .isEqualTo(BeginFreezeRepoO.newBuilder()
                        .setRegistryVid(inRegistry.getId())
                        .setRepoVid(inRepo.getId())
                        .setWorkflowIndexVid(listed.getId())
                        .setWorkflowVid(last(workflow).getId())
                        .build());
    }

    @Test
    void s10TheFilesCannotBeFrozen() {
        Fixture.done(freezing.begin(W1));
        int before = journal.appends.size();
        Fixture.done(freezing.abortFiles(W1, 105, "no such device"));
        assertThat(journal.appends).hasSize(before + 1);
        assertThat(lastAppend())
                .containsExactly(
                        "W EV_FSO_FREEZE_REPO_FILES_COMPLETED",
                        "P EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "P EV_FSO_REPO_ERROR_SET",
                        "R EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "X EV_FSO_FREEZE_REPO_COMPLETED_2",
                        "W EV_FSO_FREEZE_REPO_COMMITTED");
        List<WorkflowEvent> workflow = freezing.events(W1);
        assertThat(workflow.get(2).getStatusCode()).isEqualTo(105);
        assertThat(workflow.get(3).getStatusCode()).isEqualTo(105);
        assertThat(workflow.get(3).getStatusMessage()).isEqualTo("no such device");
        assertThat(last(fixture.registryEvents(Fixture.REG)).getStatusCode()).isEqualTo(105);
        assertThat(fixture.getRepo(freezing.repo).getErrorMessage()).isEqualTo("freeze failed: no such device");
        assertThat(freezing.tiers()).isEqualTo("ST_FREEZE_FAILED ST_FREEZE_FAILED");
        var status = Fixture.done(freezing.get(W1, JobControl.JC_WAIT));
        assertThat(status.getStatusCode()).isEqualTo(105);
        assertThat(status.getStatusMessage()).isEqualTo("no such device");
    }

    /** An outside processor that takes the steps one by one finds them done. */
    @Test
    void theStepsOfAForeignProcessorFindEverythingDone() {
        BeginFreezeRepoO begun = Fixture.done(freezing.begin(W1));
        Vid started = Fixture.vid(freezing.events(W1).get(0).getId());
        int before = journal.appends.size();
        assertThat(Fixture.done(fixture.registry.beginFreezeRepoFiles(
                                Fixture.CALLER,
                                BeginFreezeRepoFilesI.newBuilder()
                                        .setWorkflow(Fixture.bytes(W1))
                                        .setWorkflowVid(Fixture.bytes(started))
                                        .build()))
                        .getWorkflowVid())
                .isEqualTo(begun.getWorkflowVid());
        assertThat(journal.appends).hasSize(before);
        assertThat(Fixture.refusal(fixture.registry.commitFreezeRepo(
                        Fixture.CALLER,
                        CommitFreezeRepoI.newBuilder()
                                .setWorkflow(Fixture.bytes(W1))
                                .build())))
                .isEqualTo("FAILED_PRECONDITION freeze-repo workflow: command conflicts with aggregate state");

        CommitFreezeRepoFilesI files = CommitFreezeRepoFilesI.newBuilder()
                .setWorkflow(Fixture.bytes(W1))
                .setWorkflowVid(begun.getWorkflowVid())
                .build();
        Vid done = Fixture.vid(Fixture.done(fixture.registry.commitFreezeRepoFiles(Fixture.CALLER, files))
                .getWorkflowVid());
        CommitFreezeRepoO committed = Fixture.done(fixture.registry.commitFreezeRepo(
                Fixture.CALLER,
                CommitFreezeRepoI.newBuilder()
                        .setWorkflow(Fixture.bytes(W1))
                        .setWorkflowVid(freezing.events(W1).get(2).getId())
                        .build()));
        assertThat(Fixture.vid(committed.getWorkflowVid())).isEqualTo(done);
        assertThat(committed.getWorkflowIndexVid())
                .isEqualTo(last(freezing.index()).getId());
        assertThat(journal.appends).hasSize(before + 1);
        assertThat(Fixture.refusal(fixture.registry.abortFreezeRepo(
                        Fixture.CALLER,
                        AbortFreezeRepoI.newBuilder()
                                .setWorkflow(Fixture.bytes(W1))
                                .setStatusCode(105)
                                .setStatusMessage("late")
                                .build())))
                .startsWith("FAILED_PRECONDITION freeze-repo workflow: already terminated");
        assertThat(freezing.tier()).isEqualTo(StorageTierCode.ST_FROZEN);
    }

    @Test
    void s11Ping() {
        BeginPingRegistryO begun = Fixture.done(freezing.beginPing(W1));
        assertThat(lastAppend()).containsExactly("W EV_FSO_PING_REGISTRY_STARTED", "X EV_FSO_PING_REGISTRY_STARTED");
        assertThat(Fixture.vid(begun.getRegistryVid())).isEqualTo(fixture.registryVid(Fixture.REG));
        for (int ping = 1; ping <= 2; ping++) {
            Fixture.done(fixture.registry.serverPing(
                    Fixture.CALLER,
                    ServerPingI.newBuilder()
                            .setWorkflow(Fixture.bytes(W1))
                            .setStatusMessage("nogfsostad ping")
                            .build()));
        }
        assertThat(pings().getSummary().getStatusCode()).isEqualTo(101);
        assertThat(pings().getSummary().getStatusMessage()).isEqualTo("appending");
        PostServerPingSummaryI summary = PostServerPingSummaryI.newBuilder()
                .setWorkflow(Fixture.bytes(W1))
                .setStatusMessage("{ totalCount: 2, errorCount: 0 }")
                .build();
        Fixture.done(fixture.registry.postServerPingSummary(Fixture.CALLER, summary));
        assertThat(lastAppend()).containsExactly("W EV_FSO_SERVER_PINGS_GATHERED");
        assertThat(pings().getSummary().getStatusCode()).isEqualTo(100);
        assertThat(pings().getServerPingsCount()).isEqualTo(2);
        assertThat(Fixture.refusal(fixture.registry.serverPing(
                        Fixture.CALLER,
                        ServerPingI.newBuilder().setWorkflow(Fixture.bytes(W1)).build())))
                .isEqualTo("FAILED_PRECONDITION ping-registry workflow: command conflicts with aggregate state");
        CommitPingRegistryI commit =
                CommitPingRegistryI.newBuilder().setWorkflow(Fixture.bytes(W1)).build();
        Fixture.done(fixture.registry.commitPingRegistry(Fixture.CALLER, commit));
        assertThat(lastAppend())
                .containsExactly(
                        "W EV_FSO_PING_REGISTRY_COMPLETED",
                        "X EV_FSO_PING_REGISTRY_COMPLETED",
                        "W EV_FSO_PING_REGISTRY_COMMITTED");
        assertThat(pings().getSummary().getStatusCode()).isZero();
        int appends = journal.appends.size();
        assertThat(Fixture.done(fixture.registry.commitPingRegistry(Fixture.CALLER, commit))
                        .getWorkflowVid())
                .isEqualTo(last(freezing.events(W1)).getId());
        assertThat(Fixture.done(freezing.beginPing(W1))).as("repeated").isEqualTo(begun);
        assertThat(journal.appends).hasSize(appends);
    }

    private GetRegistryPingsO pings() {
        return Fixture.done(fixture.registry.getRegistryPings(
                Fixture.CALLER,
                GetRegistryPingsI.newBuilder().setWorkflow(Fixture.bytes(W1)).build()));
    }
}
