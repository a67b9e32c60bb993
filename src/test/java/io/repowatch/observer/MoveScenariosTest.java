package io.repowatch.observer;

import static io.repowatch.testkit.Call.commitMove;
import static io.repowatch.testkit.Call.disable;
import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.enableGitlab;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.moveRepo;
import static io.repowatch.testkit.Call.postDisabled;
import static io.repowatch.testkit.Call.postReleased;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.repowatch.testkit.Change;
import io.repowatch.testkit.Events;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.testkit.ScriptedShadowMove;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scenarios of the storage specification §1.8 about moves, with a registry that goes step by step. */
class MoveScenariosTest {
    private final Scenario s = Scenario.own("/own");
    private final ScriptedRepo a = s.repo("/own/a");
    private final ScriptedRepo f = s.repo("/foreign/f");
    private final ScriptedMove within = a.move(s.workflow(), "/own/new");
    private final ScriptedMove away = a.move(s.workflow(), "/foreign/a");
    private final ScriptedMove in = f.move(s.workflow(), "/own/f");
    private final ScriptedShadowMove shadow = a.moveShadow(s.workflow());

    @BeforeEach
    void stepByStep() {
        s.registry().atomic(false);
    }

    @AfterEach
    void close() {
        s.close();
    }

    private void givenEnabled() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a));
    }

    private void sameServerMove(ScriptedMove move) {
        s.when(move.begin()).then(disable(a));
        s.when(move.appAccepted()).then(postReleased(a), moveRepo(a), commitMove(a));
        s.when(move.moved(), move.registryMoved(), move.committed()).then(getRepo(a), enable(a));
        assertThat(s.info(a).globalPath()).hasToString(move.to());
    }

    @Test
    void s12_aMoveWithinOneServerReleasesThenAcquiresThenEnables() {
        givenEnabled();
        sameServerMove(within);
        assertThat(s.registry().events(within.committed().stream()))
                .extracting(WorkflowEvent::getEvent)
                .containsExactly(
                        WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED,
                        WorkflowEvent.Type.EV_FSO_REPO_MOVE_APP_ACCEPTED,
                        WorkflowEvent.Type.EV_FSO_REPO_MOVE_STA_RELEASED,
                        WorkflowEvent.Type.EV_FSO_REPO_MOVED,
                        WorkflowEvent.Type.EV_FSO_REPO_MOVE_COMMITTED);
        assertThat(s.left()).isEmpty();
    }

    @Test
    void s12_withARegistryThatAppendsAtOnceAndAcceptsAtOnce() {
        s.registry().atomic(true);
        givenEnabled();
        s.when(within.accepted(), within.started(), within.workflowStarted(), within.appAccepted())
                .then(disable(a), postReleased(a), moveRepo(a), commitMove(a), getRepo(a), enable(a));
        assertThat(s.info(a).globalPath()).hasToString(within.to());
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void s13_twoMovesOneAfterTheOther() {
        givenEnabled();
        sameServerMove(within);
        sameServerMove(within.next(s.workflow(), "/own/newer"));
    }

    @Test
    void s15_aRepoThatMovesAwayIsReleasedAndLeft() {
        givenEnabled();
        s.when(away.begin()).then(disable(a));
        s.when(away.appAccepted()).then(postReleased(a));
        assertThat(s.observer().states()).isEmpty();
        assertThat(s.left()).containsExactly(a.id());
        s.when(away.end()).thenNothing();
        s.when(a.gitlabAccepted(), a.errorCleared()).thenNothing();
        assertThat(s.enabled()).isEmpty();
    }

    @Test
    void s16_aDisableThatFailsIsRetriedAndNeverStored() {
        givenEnabled();
        s.ports().fail(disable(a), 2, () -> new StrongError("busy"));
        s.when(away.accepted(), away.started(), away.workflowStarted(), away.appAccepted())
                .then(disable(a), disable(a), disable(a), postReleased(a));
    }

    @Test
    void s17_aRepoThatMovesInIsAcquiredThenEnabled() {
        s.given(f.added(), f.initStarted(), f.shadowCreated()).start().thenNothing();
        s.when(in.begin()).thenNothing();
        s.when(in.appAccepted()).thenNothing();
        s.when(in.released()).then(moveRepo(f), commitMove(f));
        s.when(in.moved(), in.registryMoved(), in.committed()).then(getRepo(f), enable(f));
    }

    @Test
    void s18_anAcquireWaitsForTheStartOfItsMove() {
        s.given(f.added(), f.initStarted(), f.shadowCreated()).start();
        s.when(in.accepted()).thenNothing();
        assertThat(s.status(f)).returns(RepoStatus.State.WAITING, RepoStatus::state);
        s.when(f.errorSet("x"), f.errorCleared(), f.gitCreated()).thenNothing();
        s.when(in.started(), in.workflowStarted(), in.appAccepted(), in.released())
                .then(moveRepo(f), commitMove(f));
    }

    @Test
    void s50_anUnknownWorkflowEventIsPassedOver() {
        givenEnabled();
        s.when(within.begin()).then(disable(a));
        s.when(within.event(WorkflowEvent.newBuilder().setEventValue(9999).build()))
                .thenNothing();
        s.when(within.appAccepted()).then(postReleased(a), moveRepo(a), commitMove(a));
        s.when(within.event(WorkflowEvent.newBuilder().setEventValue(9998).build()))
                .thenNothing();
        s.when(within.moved(), within.registryMoved(), within.committed()).then(getRepo(a), enable(a));
        assertThat(s.observations(Observation.Retrying.class)).isEmpty();
    }

    @Test
    void s33_aMoveOfTheShadowDisablesWaitsAndEnables() {
        givenEnabled();
        s.when(shadow.started()).then(disable(a));
        s.when(shadow.workflowStarted()).then(postDisabled(a));
        s.when(shadow.workflowMoved(), shadow.moved()).thenNothing();
        s.when(shadow.committed()).then(getRepo(a), enable(a));
        assertThat(s.info(a).shadowPath()).startsWith("/moved/");
    }

    @Test
    void s56_aMoveToTheSamePathIsAMove() {
        givenEnabled();
        sameServerMove(a.move(s.workflow(), a.globalPath()));
    }

    @Test
    void whatIsPendingDuringAMoveOfTheShadowIsDoneAfterIt() {
        givenEnabled();
        s.when(shadow.begin()).then(disable(a), postDisabled(a));
        s.when(a.gitlabAccepted()).thenNothing();
        s.when(shadow.end()).then(getRepo(a), enable(a), enableGitlab(a));
    }

    @Test
    void aMoveAwayThatIsGivenUpBeforeTheReleaseEnablesTheRepoWhereItWas() {
        givenEnabled();
        s.when(away.begin()).then(disable(a));
        s.when(away.abort()).then(getRepo(a), enable(a));
        assertThat(s.info(a).globalPath()).hasToString(a.globalPath());
        assertThat(s.left()).isEmpty();
        // The same link follows it: the next move finds somebody to release it.
        ScriptedMove again = a.move(s.workflow(), "/foreign/b");
        s.when(again.accepted(), again.started(), again.workflowStarted(), again.appAccepted())
                .then(disable(a), postReleased(a));
    }

    @Test
    void aMoveWithinOneServerThatIsGivenUpEnablesTheRepoWhereItWas() {
        givenEnabled();
        s.when(within.begin()).then(disable(a));
        s.when(within.abort()).then(getRepo(a), enable(a));
        assertThat(s.info(a).globalPath()).hasToString(a.globalPath());
        sameServerMove(a.move(s.workflow(), "/own/other"));
    }

    @Test
    void aMoveInThatIsGivenUpLeavesTheRepoAlone() {
        s.given(f.added(), f.initStarted(), f.shadowCreated()).start();
        s.when(in.begin()).thenNothing();
        // Disabled for safety, as every repo that turns out to be elsewhere.
        s.when(in.abort()).then(disable(f));
        assertThat(s.observer().states()).isEmpty();
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void aMoveOfTheShadowThatIsGivenUpEnablesTheRepo() {
        givenEnabled();
        s.when(shadow.started()).then(disable(a));
        s.when(shadow.workflowStarted()).then(postDisabled(a));
        s.when(shadow.workflowMoved(), a.event(Events.shadowMoved(shadow.workflow(), a.shadowPath())))
                .thenNothing();
        s.when(shadow.committed()).then(getRepo(a), enable(a));
        assertThat(s.info(a).shadowPath()).isEqualTo(a.shadowPath());
    }

    /** It is over for the registry, which would refuse the answer. */
    @Test
    void aMoveOfTheShadowThatIsGivenUpWhileTheObserverIsDownIsNotAnsweredAnyMore() {
        s.given(a.added(), a.initStarted(), a.shadowCreated());
        s.given(shadow.started(), shadow.workflowStarted(), shadow.workflowMoved());
        s.start().then(disable(a));
        s.when(a.event(Events.shadowMoved(shadow.workflow(), a.shadowPath()))).thenNothing();
        s.when(shadow.committed()).then(getRepo(a), enable(a));
    }

    @Test
    void aMoveWhoseFirstEventSaysTooLittleIsReportedAndWaits() {
        s.given(f.added(), f.initStarted(), f.shadowCreated()).start();
        s.when(in.accepted(), in.started())
                .when(in.event(Events.workflow(WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED)))
                .when(in.appAccepted(), in.released())
                .thenNothing();
        assertThat(s.observations(Observation.Malformed.class)).hasSize(1);
        assertThat(s.observer().workflows())
                .singleElement()
                .returns("the move's first event does not say what to move; abort the move", WorkflowStatus::why);
    }

    @Test
    void aMoveThatFailsIsRetriedUntilItSucceedsAndNeverStored() {
        givenEnabled();
        s.ports().fail(moveRepo(a), 8, () -> new StrongError("no room"));
        s.when(within.begin()).then(disable(a));
        s.when(within.appAccepted()).advance(Scenario.PATIENCE);
        assertThat(s.ports().calls().stream().filter(moveRepo(a)::equals)).hasSize(9);
        assertThat(s.ports().calls()).endsWith(commitMove(a));
        assertThat(s.registry().storedErrors()).isEmpty();
    }

    @Test
    void whyTellsTheWayFromARepoToWhatItWaitsFor() {
        givenEnabled();
        s.when(within.begin()).then(disable(a));
        assertThat(s.observer().why(a.id()))
                .extracting(WaitReason::kind, WaitReason::part, WaitReason::workflow, WaitReason::why)
                .containsExactly(
                        tuple(WaitReason.Kind.REPO, null, null, "the release part of move " + within.workflow()),
                        tuple(
                                WaitReason.Kind.WORKFLOW,
                                WorkflowPart.RELEASE,
                                within.workflow(),
                                "the application has not accepted the move"),
                        tuple(
                                WaitReason.Kind.LINK,
                                WorkflowPart.ACQUIRE,
                                within.workflow(),
                                "begins when the activity before it has let the repo go"));
        s.ports().failAlways(moveRepo(a), () -> new IllegalStateException("no room"));
        s.when(within.appAccepted()).advance(Scenario.PATIENCE);
        assertThat(s.observer().workflows()).singleElement().satisfies(status -> {
            assertThat(status.part()).isEqualTo(WorkflowPart.ACQUIRE);
            assertThat(status.repo()).isEqualTo(a.id());
            assertThat(status.rule()).isEqualTo("acquire.released");
            assertThat(status.nextRetry()).isNotNull();
            assertThat(status.lastError()).isEqualTo("no room");
        });
        assertThat(s.observer().why(f.id())).isEmpty();
    }

    /** The repo's stream is ahead of the registry's by two moves. */
    @Test
    void movesThatWereGivenUpBeforeTheRegistryTellsOfThemLeaveNoLinkWaiting() {
        givenEnabled();
        List<ScriptedMove> moves = List.of(a.move(s.workflow(), "/own/b"), a.move(s.workflow(), "/own/c"));
        for (ScriptedMove move : moves) {
            Change<?>[] abort = move.abort();
            s.when(move.workflowStarted(), move.started()).then(disable(a));
            s.when(abort[0], abort[1], abort[3]).then(getRepo(a), enable(a));
        }
        for (ScriptedMove move : moves) {
            s.when(move.accepted(), move.abort()[2]).thenNothing();
            assertThat(s.observer().why(a.id())).extracting(WaitReason::kind).containsExactly(WaitReason.Kind.REPO);
        }
        sameServerMove(a.move(s.workflow(), "/own/b"));
        assertThat(s.observer().why(a.id())).extracting(WaitReason::kind).containsExactly(WaitReason.Kind.REPO);
    }

    /** As above, but the repo's stream is read for the first time when the registry still knows nothing of the move. */
    @Test
    void aMoveThatWasGivenUpBeforeTheRegistryTellsOfItLeavesNoLinkWaitingAfterAStart() {
        ScriptedMove move = a.move(s.workflow(), "/own/b");
        Change<?>[] abort = move.abort();
        s.given(a.added(), a.initStarted(), a.shadowCreated());
        s.given(move.workflowStarted(), move.started(), abort[0], abort[1], abort[3]);
        s.start().then(getRepo(a), enable(a));
        s.when(move.accepted()).thenNothing();
        assertThat(s.observer().why(a.id())).extracting(WaitReason::kind).containsExactly(WaitReason.Kind.REPO);
        s.when(abort[2]).thenNothing();
        s.restart().then(getRepo(a), enable(a));
        assertThat(s.observer().why(a.id())).extracting(WaitReason::kind).containsExactly(WaitReason.Kind.REPO);
    }
}
