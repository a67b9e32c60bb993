package io.repowatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.FsoRootInfo;
import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.SubdirTracking;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the aggregates decide about moves where a request to the registry does not get to. */
class MoveAggregateTest {
    private static final UUID REPO = new UUID(1, 2);
    private static final UUID WORKFLOW = new UUID(3, 4);
    private static final UUID OTHER = new UUID(3, 5);
    private static final Vid EVENT = new Vid(7, 7);
    private static final FsoRepoInitInfo FROM = place("/data/a");
    private static final FsoRepoInitInfo TO = place("/data/b");
    private static final Abortion ABORTION = new Abortion(101, "why", GitUser.getDefaultInstance());

    private static FsoRepoInitInfo place(String path) {
        return FsoRepoInitInfo.newBuilder()
                .setGlobalPath(path)
                .setFileHost("h")
                .setHostPath("/srv" + path)
                .build();
    }

    private static Deciding<MoveState, WorkflowEvent> workflow() {
        return new Deciding<>(MoveAggregate.INSTANCE);
    }

    private static MoveRepoCommands.Init init() {
        return new MoveRepoCommands.Init(REPO, EVENT, FROM, "/shadow/a", TO);
    }

    @Test
    void aMoveOfARepoBeginsOnce() {
        workflow()
                .given(init())
                .when(init())
                .then()
                .when(new MoveRepoCommands.Init(REPO, new Vid(7, 8), FROM, "/shadow/a", TO))
                .thenRefused("ALREADY_EXISTS workflow init conflict")
                .when(new MoveShadowCommands.Init(REPO, EVENT))
                .thenRefused("ALREADY_EXISTS workflow init conflict")
                .given(new MoveRepoCommands.Accept())
                .when(init())
                .thenRefused("FAILED_PRECONDITION workflow state has advanced");
    }

    @Test
    void aMoveOfAShadowBeginsOnce() {
        workflow()
                .given(new MoveShadowCommands.Init(REPO, EVENT))
                .when(new MoveShadowCommands.Init(REPO, EVENT))
                .then()
                .when(new MoveShadowCommands.Init(OTHER, EVENT))
                .thenRefused("ALREADY_EXISTS workflow init conflict")
                .when(init())
                .thenRefused("ALREADY_EXISTS workflow init conflict")
                .given(new MoveShadowCommands.Disable())
                .when(new MoveShadowCommands.Init(REPO, EVENT))
                .thenRefused("FAILED_PRECONDITION workflow conflict");
    }

    @Test
    void nothingHappensToAWorkflowThatHasNotBegun() {
        workflow()
                .when(new MoveRepoCommands.Release())
                .thenRefused("NOT_FOUND workflow uninitialized")
                .when(new MoveShadowCommands.Disable())
                .thenRefused("NOT_FOUND workflow uninitialized");
    }

    @Test
    void aMoveOfARepoEndsAfterItHasMoved() {
        var move = workflow()
                .given(init())
                .when(new MoveRepoCommands.Exit(Abortion.NONE))
                .thenRefused("FAILED_PRECONDITION workflow did not complete move")
                .given(new MoveRepoCommands.Release())
                .given(new MoveRepoCommands.Accept())
                .given(new MoveRepoCommands.Commit("/shadow/b"))
                .when(new MoveRepoCommands.Commit("/shadow/b"))
                .then()
                .when(new MoveRepoCommands.Stay())
                .thenRefused("FAILED_PRECONDITION workflow move completed")
                .when(new MoveRepoCommands.Exit(Abortion.NONE))
                .then("event: EV_FSO_REPO_MOVE_COMMITTED")
                .when(new MoveRepoCommands.Exit(Abortion.NONE))
                .then();
        assertThat(move.state().end()).isEqualTo(new MoveState.End(new Vid(1, 5), 0, ""));
    }

    @Test
    void anAbortedMoveSaysWhy() {
        var move = workflow()
                .given(init())
                .given(new MoveRepoCommands.Stay())
                .when(new MoveRepoCommands.Accept())
                .thenRefused("FAILED_PRECONDITION workflow move completed")
                .when(new MoveRepoCommands.Exit(ABORTION))
                .then("event: EV_FSO_REPO_MOVE_COMMITTED status_code: 101 status_message: \"why\"");
        assertThat(move.state().end()).isEqualTo(new MoveState.End(new Vid(1, 3), 101, "why"));
        workflow()
                .given(new MoveShadowCommands.Init(REPO, EVENT))
                .when(new MoveShadowCommands.Exit(ABORTION))
                .thenRefused("FAILED_PRECONDITION workflow did not complete move")
                .given(new MoveShadowCommands.Stay())
                .when(new MoveShadowCommands.Disable())
                .thenRefused("FAILED_PRECONDITION workflow move completed")
                .when(new MoveShadowCommands.Exit(ABORTION))
                .then("event: EV_FSO_SHADOW_REPO_MOVE_COMMITTED status_code: 101 status_message: \"why\"")
                .when(new MoveShadowCommands.Exit(ABORTION))
                .then();
    }

    @Test
    void typesThatAreNotKnownChangeNothing() {
        WorkflowEvent later = WorkflowEvent.newBuilder().setEventValue(4711).build();
        var move = workflow().given(later);
        assertThat(move.state()).isEqualTo(MoveState.None.NONE);
        move.given(init());
        MoveState begun = move.state();
        assertThat(move.given(later).state()).isEqualTo(begun);
        assertThat(move.state().repo()).isEqualTo(REPO);
    }

    private static Deciding<RegistryState, RegistryEvent> registry() {
        return Deciding.registry()
                .given(new RegistryAggregate.Init("r"))
                .given(new RootCommands.InitRoot(FsoRootInfo.newBuilder()
                        .setGlobalRoot("/data")
                        .setHost("h")
                        .setHostRoot("/srv/data")
                        .build()))
                .given(new RegistryRepoCommands.AcceptRepo(REPO, "/data/a", "A", "a@e"));
    }

    private static RegistryMoveCommands.AcceptMove accept(UUID workflow, String path) {
        return new RegistryMoveCommands.AcceptMove(REPO, workflow, path, false, false);
    }

    private static RegistryMoveCommands.CommitMove commit(UUID workflow, String path) {
        return new RegistryMoveCommands.CommitMove(REPO, workflow, EVENT, path);
    }

    @Test
    void theRegistryLetsAConfirmedRepoMoveOnceAtATime() {
        registry()
                .when(accept(WORKFLOW, "/data/b"))
                .thenRefused("FAILED_PRECONDITION cannot move unconfirmed repo")
                .given(new RegistryRepoCommands.ConfirmRepo(REPO, EVENT))
                .when(accept(EntityIds.NIL, "/data/b"))
                .thenRefused("INVALID_ARGUMENT malformed workflow ID")
                .given(accept(WORKFLOW, "/data/b"))
                .when(accept(OTHER, "/data/c"))
                .thenRefused("FAILED_PRECONDITION workflow conflict")
                .when(commit(OTHER, "/data/b"))
                .thenRefused("FAILED_PRECONDITION workflow conflict")
                .when(commit(WORKFLOW, "/data/c"))
                .thenRefused("FAILED_PRECONDITION global path mismatch")
                .given(commit(WORKFLOW, "/data/b"))
                .when(commit(WORKFLOW, "/data/b"))
                .thenRefused("FAILED_PRECONDITION workflow has terminated")
                .when(accept(WORKFLOW, "/data/c"))
                .thenRefused("FAILED_PRECONDITION workflow ID must not be reused");
    }

    @Test
    void aPathThatWasReservedIsFreeWhetherTheRepoCameOrNot() {
        var registry = registry()
                .given(new RegistryRepoCommands.ConfirmRepo(REPO, EVENT))
                .given(accept(WORKFLOW, "/data/b"));
        assertThat(registry.state().isTaken("/data/b")).isTrue();
        registry.given(commit(WORKFLOW, "/data/a"));
        assertThat(registry.state().isTaken("/data/b")).isFalse();
        assertThat(registry.state().reserved().size()).isZero();
        registry.given(accept(OTHER, "/data/b")).given(commit(OTHER, "/data/b"));
        assertThat(registry.state().isTaken("/data/a")).isFalse();
        assertThat(registry.state().isTaken("/data/b")).isTrue();
        assertThat(registry.state().reserved().size()).isZero();
    }

    @Test
    void aShadowMoveIsNotedOnce() {
        registry()
                .given(new RegistryMoveCommands.NoteShadowMove(REPO, WORKFLOW, EVENT))
                .when(new RegistryMoveCommands.NoteShadowMove(REPO, WORKFLOW, EVENT))
                .thenRefused("FAILED_PRECONDITION repeated post")
                .when(new RegistryMoveCommands.NoteShadowMove(OTHER, WORKFLOW, EVENT))
                .thenRefused("NOT_FOUND unknown repo");
    }

    @Test
    void theRepoFollowsItsWorkflow() {
        Deciding.repo()
                .when(new RepoMoveCommands.BeginMoveRepo(EVENT, WORKFLOW, TO))
                .thenRefused("NOT_FOUND uninitialized repo")
                .given(new RepoCommands.Init(FROM.toBuilder()
                        .setRegistry("r")
                        .setSubdirTracking(SubdirTracking.ST_ENTER_SUBDIRS)
                        .build()))
                .given(new RepoCommands.ConfirmShadow("/shadow/a"))
                .when(new RepoMoveCommands.BeginMoveRepo(EVENT, EntityIds.NIL, TO))
                .thenRefused("INVALID_ARGUMENT malformed workflow ID")
                .given(new RepoMoveCommands.BeginMoveRepo(EVENT, WORKFLOW, TO))
                .when(new RepoMoveCommands.CommitMoveRepo(OTHER, EVENT, TO, "/shadow/b"))
                .thenRefused("FAILED_PRECONDITION workflow conflict")
                .when(new RepoMoveCommands.CommitMoveShadow(WORKFLOW, EVENT, false))
                .thenRefused("FAILED_PRECONDITION workflow conflict")
                .given(new RepoMoveCommands.CommitMoveRepo(WORKFLOW, EVENT, TO, "/shadow/b"))
                .when(new RepoMoveCommands.CommitMoveRepo(WORKFLOW, EVENT, TO, "/shadow/b"))
                .then()
                .given(new RepoMoveCommands.BeginMoveShadow(OTHER, "/new"))
                .given(new RepoMoveCommands.CommitMoveShadow(OTHER, EVENT, false))
                .when(new RepoMoveCommands.CommitMoveShadow(OTHER, EVENT, false))
                .then();
    }

    @Test
    void theEndOfAMoveThatNeverBeganIsTakenAsItIs() {
        var repo = Deciding.repo()
                .given(RepoEvent.newBuilder()
                        .setEvent(RepoEvent.Type.EV_FSO_REPO_MOVED)
                        .setWorkflowId(Fixture.bytes(WORKFLOW))
                        .setFsoRepoInitInfo(TO)
                        .build());
        assertThat(repo.state().moving()).isFalse();
        assertThat(repo.state().init().getGlobalPath()).isEqualTo("/data/b");
    }
}
