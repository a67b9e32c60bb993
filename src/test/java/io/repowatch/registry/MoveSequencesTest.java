package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.repowatch.id.Authorizer;
import io.repowatch.id.Vid;
import io.repowatch.journal.Append;
import io.repowatch.journal.StreamId;
import io.repowatch.wire.nogfso.FsoRepoInfo;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoShadowRepoInfo;
import io.repowatch.wire.nogfso.GetRepoO;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.v1.AbortRequest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** The event sequences S6 and S7 of registry specification §5.3 and those of aborts, each command one append. */
class MoveSequencesTest {
    private static final ByteString EPOCH = Fixture.bytes(Vid.EPOCH);

    private final ScriptedJournal journal = new ScriptedJournal();
    private Fixture fixture = new Fixture(journal);
    private Moves moves = new Moves(fixture);
    private ByteString repo = ByteString.EMPTY;

    @BeforeEach
    void aRepo() {
        fixture.prepared();
        repo = moves.repo("/data/a");
    }

    private StreamId registry() {
        return Fixture.registryStream(Fixture.REG);
    }

    private StreamId repoStream() {
        return Fixture.repoStream(Fixture.uuid(repo));
    }

    private static StreamId workflow() {
        return Moves.stream(Moves.WORKFLOW);
    }

    private List<StreamId> lastAppend() {
        return journal.appends.get(journal.appends.size() - 1).stream()
                .map(Append::stream)
                .toList();
    }

    private RegistryEvent lastOfRegistry() {
        List<RegistryEvent> events = fixture.registryEvents(Fixture.REG);
        return events.get(events.size() - 1);
    }

    private RepoEvent lastOfRepo() {
        List<RepoEvent> events = fixture.repoEvents(repo);
        return events.get(events.size() - 1);
    }

    private static FsoRepoInitInfo place(String path) {
        return FsoRepoInitInfo.newBuilder()
                .setGlobalPath(path)
                .setFileHost("host")
                .setHostPath("/srv" + path)
                .build();
    }

    private static FsoShadowRepoInfo shadow(String path) {
        return FsoShadowRepoInfo.newBuilder().setShadowPath(path).build();
    }

    private FsoRepoInfo named(String path) {
        return FsoRepoInfo.newBuilder().setId(repo).setGlobalPath(path).build();
    }

    /** What an event says besides its id and parent, so that no field more or less goes unseen. */
    private static WorkflowEvent bare(WorkflowEvent event) {
        return event.toBuilder().clearId().clearParent().build();
    }

    private static WorkflowEvent.Builder event(WorkflowEvent.Type type) {
        return WorkflowEvent.newBuilder().setEvent(type);
    }

    @Test
    void s6MoveRepo() {
        Vid answer = Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b/"));
        assertThat(lastAppend()).containsExactly(registry(), repoStream(), workflow());
        RegistryEvent accepted = lastOfRegistry();
        assertThat(Fixture.vid(accepted.getId())).isEqualTo(answer);
        assertThat(accepted.toBuilder().clearId().clearParent().build())
                .isEqualTo(RegistryEvent.newBuilder()
                        .setEvent(RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED)
                        .setWorkflowId(Fixture.bytes(Moves.WORKFLOW))
                        .setFsoRepoInfo(named("/data/b"))
                        .build());
        RepoEvent started = lastOfRepo();
        assertThat(started.toBuilder().clearId().clearParent().build())
                .isEqualTo(RepoEvent.newBuilder()
                        .setEvent(RepoEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                        .setRegistryEventId(accepted.getId())
                        .setWorkflowId(Fixture.bytes(Moves.WORKFLOW))
                        .setFsoRepoInitInfo(place("/data/a"))
                        .setFsoShadowRepoInfo(shadow("/shadow/data/a"))
                        .setNewFsoRepoInitInfo(place("/data/b"))
                        .build());
        WorkflowEvent begun = moves.events(Moves.WORKFLOW).get(0);
        assertThat(begun.getParent()).as("present, not left out").isEqualTo(EPOCH);
        assertThat(bare(begun))
                .isEqualTo(event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED)
                        .setRepoId(repo)
                        .setRepoEventId(started.getId())
                        .setFsoRepoInitInfo(place("/data/a"))
                        .setFsoShadowRepoInfo(shadow("/shadow/data/a"))
                        .setNewFsoRepoInitInfo(place("/data/b"))
                        .build());
        assertThat(moves.listed()).containsExactly("/data/a");
        assertThat(fixture.getRepo(repo).getGlobalPath()).isEqualTo("/data/a");

        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        assertThat(lastAppend()).containsExactly(workflow());
        Fixture.done(moves.release(repo, Moves.WORKFLOW));
        assertThat(lastAppend()).containsExactly(workflow());
        assertThat(moves.listed()).containsExactly("/data/a");
        Vid committed = Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/shadow/b"));
        assertThat(lastAppend()).containsExactly(workflow(), repoStream(), registry(), workflow());

        List<WorkflowEvent> events = moves.events(Moves.WORKFLOW);
        assertThat(events.stream().skip(1).map(MoveSequencesTest::bare))
                .containsExactly(
                        event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_APP_ACCEPTED).build(),
                        event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STA_RELEASED).build(),
                        event(WorkflowEvent.Type.EV_FSO_REPO_MOVED)
                                .setRepoId(repo)
                                .setFsoRepoInitInfo(place("/data/b"))
                                .setFsoShadowRepoInfo(shadow("/shadow/b"))
                                .build(),
                        event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_COMMITTED).build());
        assertThat(Fixture.vid(events.get(4).getId())).isEqualTo(committed);
        RepoEvent moved = lastOfRepo();
        assertThat(moved.toBuilder().clearId().clearParent().build())
                .isEqualTo(RepoEvent.newBuilder()
                        .setEvent(RepoEvent.Type.EV_FSO_REPO_MOVED)
                        .setWorkflowId(Fixture.bytes(Moves.WORKFLOW))
                        .setWorkflowEventId(events.get(3).getId())
                        .setFsoRepoInitInfo(place("/data/b"))
                        .setFsoShadowRepoInfo(shadow("/shadow/b"))
                        .build());
        assertThat(lastOfRegistry().toBuilder().clearId().clearParent().build())
                .isEqualTo(RegistryEvent.newBuilder()
                        .setEvent(RegistryEvent.Type.EV_FSO_REPO_MOVED)
                        .setWorkflowId(Fixture.bytes(Moves.WORKFLOW))
                        .setRepoEventId(moved.getId())
                        .setFsoRepoInfo(named("/data/b"))
                        .build());
        GetRepoO known = fixture.getRepo(repo);
        assertThat(known.getGlobalPath()).isEqualTo("/data/b");
        assertThat(known.getFile()).isEqualTo("host:/srv/data/b");
        assertThat(known.getShadow()).isEqualTo("host:/shadow/b");
        assertThat(moves.listed()).containsExactly("/data/b");
    }

    @Test
    void s6WithTheApplicationsAgreementInTheSameAppend() {
        fixture.registry.close();
        fixture = new Fixture(
                journal,
                RegistryConfig.builder(Schedulers.immediate(), new Random(7))
                        .clock(Fixture.CLOCK)
                        .authorizer(Authorizer.ALLOW_ALL)
                        .moveAccept(MoveAccept.AUTO)
                        .build());
        moves = new Moves(fixture);
        int appends = journal.appends.size();
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        assertThat(journal.appends).hasSize(appends + 1);
        assertThat(lastAppend()).containsExactly(registry(), repoStream(), workflow(), workflow());
        assertThat(moves.words(Moves.WORKFLOW)).containsExactly("REPO_MOVE_STARTED", "REPO_MOVE_APP_ACCEPTED");
        Fixture.done(moves.release(repo, Moves.WORKFLOW));
        Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/shadow/b"));
        assertThat(moves.lookup(Moves.WORKFLOW).getState()).isEqualTo("committed");
    }

    @Test
    void s7MoveShadow() {
        Vid answer = Fixture.done(moves.beginShadow(repo, Moves.WORKFLOW, "/new/a"));
        assertThat(lastAppend()).containsExactly(repoStream(), workflow(), registry());
        RepoEvent started = lastOfRepo();
        assertThat(Fixture.vid(started.getId())).isEqualTo(answer);
        assertThat(started.toBuilder().clearId().clearParent().build())
                .isEqualTo(RepoEvent.newBuilder()
                        .setEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                        .setWorkflowId(Fixture.bytes(Moves.WORKFLOW))
                        .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setNewShadowPath("/new/a"))
                        .build());
        assertThat(lastOfRegistry().toBuilder().clearId().clearParent().build())
                .isEqualTo(RegistryEvent.newBuilder()
                        .setEvent(RegistryEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                        .setRepoId(repo)
                        .setRepoEventId(started.getId())
                        .setWorkflowId(Fixture.bytes(Moves.WORKFLOW))
                        .build());

        Fixture.done(moves.disable(repo, Moves.WORKFLOW));
        assertThat(lastAppend()).containsExactly(workflow());
        Vid committed = Fixture.done(moves.commitShadow(repo, Moves.WORKFLOW));
        assertThat(lastAppend()).containsExactly(workflow(), repoStream(), workflow());
        List<WorkflowEvent> events = moves.events(Moves.WORKFLOW);
        assertThat(events.stream().map(MoveSequencesTest::bare))
                .containsExactly(
                        event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)
                                .setRepoId(repo)
                                .setRepoEventId(started.getId())
                                .build(),
                        event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED)
                                .build(),
                        event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVED)
                                .setRepoId(repo)
                                .build(),
                        event(WorkflowEvent.Type.EV_FSO_SHADOW_REPO_MOVE_COMMITTED)
                                .build());
        assertThat(Fixture.vid(events.get(3).getId())).isEqualTo(committed);
        assertThat(lastOfRepo().toBuilder().clearId().clearParent().build())
                .isEqualTo(RepoEvent.newBuilder()
                        .setEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVED)
                        .setWorkflowId(Fixture.bytes(Moves.WORKFLOW))
                        .setWorkflowEventId(events.get(2).getId())
                        .setFsoShadowRepoInfo(FsoShadowRepoInfo.newBuilder().setNewShadowPath("/new/a"))
                        .build());
        assertThat(fixture.getRepo(repo).getShadow()).isEqualTo("host:/new/a");
    }

    @Test
    void anAbortedMoveGoesBackToWhereItWasInOneAppend() {
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        GitUser author =
                GitUser.newBuilder().setName("A").setEmail("a@example.org").build();
        ByteString answer = Fixture.done(fixture.registry.abort(
                        Fixture.CALLER,
                        AbortRequest.newBuilder()
                                .setRegistry(Fixture.REG)
                                .setWorkflow(Fixture.bytes(Moves.WORKFLOW))
                                .setReason("wrong directory")
                                .setAuthor(author)
                                .build()))
                .getWorkflowVid();
        assertThat(lastAppend()).containsExactly(workflow(), repoStream(), registry(), workflow());
        List<WorkflowEvent> events = moves.events(Moves.WORKFLOW);
        assertThat(events.stream().skip(2).map(MoveSequencesTest::bare))
                .containsExactly(
                        event(WorkflowEvent.Type.EV_FSO_REPO_MOVED)
                                .setRepoId(repo)
                                .setFsoRepoInitInfo(place("/data/a"))
                                .setFsoShadowRepoInfo(shadow("/shadow/data/a"))
                                .build(),
                        event(WorkflowEvent.Type.EV_FSO_REPO_MOVE_COMMITTED)
                                .setStatusCode(101)
                                .setStatusMessage("wrong directory")
                                .setGitAuthor(author)
                                .build());
        assertThat(events.get(3).getId()).isEqualTo(answer);
        assertThat(lastOfRepo().getEvent()).isEqualTo(RepoEvent.Type.EV_FSO_REPO_MOVED);
        assertThat(lastOfRepo().getFsoRepoInitInfo()).isEqualTo(place("/data/a"));
        assertThat(lastOfRepo().getFsoShadowRepoInfo()).isEqualTo(shadow("/shadow/data/a"));
        assertThat(lastOfRepo().getWorkflowEventId()).isEqualTo(events.get(2).getId());
        assertThat(lastOfRegistry().getEvent()).isEqualTo(RegistryEvent.Type.EV_FSO_REPO_MOVED);
        assertThat(lastOfRegistry().getFsoRepoInfo()).isEqualTo(named("/data/a"));
        assertThat(lastOfRegistry().getRepoEventId()).isEqualTo(lastOfRepo().getId());
        assertThat(fixture.getRepo(repo).getFile()).isEqualTo("host:/srv/data/a");
        assertThat(moves.listed()).containsExactly("/data/a");
    }

    @Test
    void anAbortedShadowMoveGoesBackToWhereItWasInOneAppend() {
        Fixture.done(moves.beginShadow(repo, Moves.WORKFLOW, "/new/a"));
        Fixture.done(moves.disable(repo, Moves.WORKFLOW));
        Fixture.done(moves.abort(Moves.WORKFLOW, "no space there"));
        assertThat(lastAppend()).containsExactly(workflow(), repoStream(), workflow());
        assertThat(moves.words(Moves.WORKFLOW))
                .containsExactly(
                        "SHADOW_REPO_MOVE_STARTED",
                        "SHADOW_REPO_MOVE_STA_DISABLED",
                        "SHADOW_REPO_MOVED",
                        "SHADOW_REPO_MOVE_COMMITTED");
        assertThat(lastOfRepo().getEvent()).isEqualTo(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVED);
        assertThat(lastOfRepo().getFsoShadowRepoInfo().getNewShadowPath()).isEqualTo("/shadow/data/a");
        assertThat(fixture.getRepo(repo).getShadow()).isEqualTo("host:/shadow/data/a");
        assertThat(moves.lookup(Moves.WORKFLOW).getState()).isEqualTo("aborted");
        assertThat(moves.lookup(Moves.WORKFLOW).getStatusMessage()).isEqualTo("no space there");
    }

    @Test
    void lookupSaysHowFarItIs() {
        Fixture.done(moves.begin(repo, Moves.WORKFLOW, "/data/b"));
        assertThat(moves.lookup(Moves.WORKFLOW).getState()).isEqualTo("started");
        assertThat(moves.lookup(Moves.WORKFLOW).getKind()).isEqualTo("move-repo");
        assertThat(moves.lookup(Moves.WORKFLOW).getRepo()).isEqualTo(repo);
        assertThat(moves.lookup(Moves.WORKFLOW).getStatusCode()).isEqualTo(100);
        Vid released = Fixture.done(moves.release(repo, Moves.WORKFLOW));
        assertThat(moves.lookup(Moves.WORKFLOW).getState()).isEqualTo("released");
        assertThat(Fixture.vid(moves.lookup(Moves.WORKFLOW).getWorkflowVid())).isEqualTo(released);
        Fixture.done(moves.accept(repo, Moves.WORKFLOW));
        assertThat(moves.lookup(Moves.WORKFLOW).getState()).isEqualTo("moving");
        Fixture.done(moves.commit(repo, Moves.WORKFLOW, "/shadow/b"));
        assertThat(moves.lookup(Moves.WORKFLOW).getState()).isEqualTo("committed");
        assertThat(moves.lookup(Moves.WORKFLOW).getStatusCode()).isZero();
    }
}
