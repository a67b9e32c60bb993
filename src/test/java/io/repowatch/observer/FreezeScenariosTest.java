package io.repowatch.observer;

import static io.repowatch.testkit.Call.abortFreeze;
import static io.repowatch.testkit.Call.abortUnfreeze;
import static io.repowatch.testkit.Call.commitFreeze;
import static io.repowatch.testkit.Call.commitUnfreeze;
import static io.repowatch.testkit.Call.disable;
import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.freeze;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.postReleased;
import static io.repowatch.testkit.Call.serverPing;
import static io.repowatch.testkit.Call.undoFreeze;
import static io.repowatch.testkit.Call.unfreeze;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.repowatch.testkit.Change;
import io.repowatch.testkit.Events;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedFreeze;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedPing;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Freezes, unfreezes and pings: the table of the storage specification §7.2 with the corrections of §14. */
class FreezeScenariosTest {
    private final Scenario s = Scenario.own("/own");
    private final ScriptedRepo a = s.repo("/own/a");
    private final ScriptedRepo f = s.repo("/foreign/f");
    private final ScriptedFreeze freeze = a.freeze(s.workflow());
    private final ScriptedFreeze unfreeze = a.unfreeze(s.workflow());
    private final ScriptedPing ping = new ScriptedPing(Scenario.REGISTRY, s.workflow());

    @AfterEach
    void close() {
        s.close();
    }

    private void givenEnabled() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a));
    }

    @Test
    void aFreezeDoesTheFilesAndCommits() {
        givenEnabled();
        s.when(freeze.begin()).then(freeze(a), commitFreeze(a));
        assertThat(s.registry().state(a.id()).tier()).hasToString("ST_FROZEN");
        assertThat(s.observer().workflows()).isEmpty();
        assertThat(s.frozen()).containsExactly(a.id());
        assertThat(s.observations(Observation.WorkflowEnded.class))
                .containsExactly(new Observation.WorkflowEnded(freeze.workflow(), WorkflowPart.FREEZE, a.id(), false));
    }

    @Test
    void anUnfreezeDoesTheFilesAndCommits() {
        givenEnabled();
        s.when(freeze.begin()).then(freeze(a), commitFreeze(a));
        s.when(unfreeze.begin()).then(unfreeze(a), commitUnfreeze(a));
        assertThat(s.registry().state(a.id()).tier()).hasToString("ST_ONLINE");
        assertThat(s.frozen()).isEmpty();
    }

    @Test
    void withARegistryThatGoesStepByStep() {
        s.registry().atomic(false);
        givenEnabled();
        s.when(freeze.started()).thenNothing();
        s.when(freeze.indexStarted()).thenNothing();
        s.when(freeze.repoStarted()).thenNothing();
        s.when(freeze.filesStarted()).then(freeze(a), commitFreeze(a));
        s.when(freeze.repoCompleted(0)).thenNothing();
        assertThat(s.observer().workflows())
                .singleElement()
                .returns("the registry has not ended the freeze", WorkflowStatus::why);
        s.when(freeze.completed(0)).thenNothing();
        assertThat(s.observer().workflows()).isEmpty();
        s.when(freeze.indexCompleted(), freeze.committed()).thenNothing();
    }

    @Test
    void aFreezeWaitsUntilTheRepoIsEnabled() {
        s.ports().failAlways(getRepo(a), () -> new IllegalStateException("no answer"));
        s.given(a.added(), a.initStarted(), a.shadowCreated()).given(freeze.begin());
        s.start().advance(Duration.ofMinutes(50));
        assertThat(s.observer().why(a.id()))
                .extracting(WaitReason::kind, WaitReason::why)
                .contains(tuple(WaitReason.Kind.WORKFLOW, "the repo is not enabled"));
        s.ports().mend(getRepo(a));
        s.advance(Duration.ofMinutes(2));
        assertThat(s.ports().calls()).endsWith(getRepo(a), enable(a), freeze(a), commitFreeze(a));
    }

    @Test
    void aFreezeOfARepoThatIsNeverEnabledIsGivenUpWithItsReason() {
        s.given(a.added(), a.initStarted(), a.errorSet("x")).given(freeze.begin());
        s.start().advance(Duration.ofMinutes(59));
        s.nowExactly();
        s.advance(Duration.ofMinutes(2)).nowExactly(undoFreeze(a), abortFreeze(a));
        assertThat(s.registry().abortReasons()).containsExactly("repo " + a.id() + " was not enabled within PT1H");
        assertThat(s.registry().state(a.id()).tier()).hasToString("ST_FREEZE_FAILED");
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void aFreezeOfARepoThatLeavesIsGivenUpAtOnce() {
        givenEnabled();
        ScriptedMove away = a.move(s.workflow(), "/foreign/a");
        s.when(away.begin()).then(disable(a));
        s.when(freeze.begin()).thenNothing();
        s.when(away.appAccepted()).then(postReleased(a), undoFreeze(a), abortFreeze(a));
        assertThat(s.registry().abortReasons()).containsExactly("repo " + a.id() + " has left this host");
    }

    @Test
    void fiveFailuresAreRetriedAndTheSixthGivesUpAfterUndoing() {
        givenEnabled();
        String long200 = "\u00e9".repeat(200);
        s.ports().failAlways(freeze(a), () -> new IllegalStateException(long200));
        s.when(freeze.begin())
                .then(freeze(a), freeze(a), freeze(a), freeze(a), freeze(a), freeze(a), undoFreeze(a), abortFreeze(a));
        assertThat(s.frozen()).isEmpty();
        WorkflowEvent ended = s.registry().events(freeze.committed().stream()).get(2);
        assertThat(ended.getStatusCode()).isEqualTo(105);
        assertThat(ended.getStatusMessage()).endsWith("...").startsWith("\u00e9\u00e9");
        assertThat(ended.getStatusMessage().getBytes(StandardCharsets.UTF_8).length)
                .isBetween(118, 120);
    }

    @Test
    void fiveFailuresThenASuccessCommit() {
        givenEnabled();
        s.ports().fail(freeze(a), 5, () -> new IllegalStateException("busy"));
        s.when(freeze.begin()).then(freeze(a), freeze(a), freeze(a), freeze(a), freeze(a), freeze(a), commitFreeze(a));
    }

    @Test
    void anUnfreezeThatFailsIsGivenUpWithItsOwnCode() {
        givenEnabled();
        s.ports().failAlways(unfreeze(a), () -> new IllegalStateException("busy"));
        s.when(unfreeze.begin())
                .then(unfreeze(a), unfreeze(a), unfreeze(a), unfreeze(a), unfreeze(a), unfreeze(a), abortUnfreeze(a));
        assertThat(s.registry().events(unfreeze.committed().stream()).get(2).getStatusCode())
                .isEqualTo(108);
    }

    @Test
    void anUndoThatKeepsFailingDoesNotHideTheFailure() {
        givenEnabled();
        s.ports().failAlways(freeze(a), () -> new IllegalStateException("busy"));
        s.ports().failAlways(undoFreeze(a), () -> new IllegalStateException("busy too"));
        s.when(freeze.begin()).advance(Scenario.PATIENCE);
        assertThat(s.ports().calls()).endsWith(undoFreeze(a), abortFreeze(a));
        assertThat(s.registry().abortReasons()).containsExactly("busy");
    }

    @Test
    void aFreezeThatIsGivenUpElsewhereWhileItRunsIsUndone() {
        givenEnabled();
        s.ports().hang(freeze(a));
        s.when(freeze.begin()).then(freeze(a));
        s.when(freeze.completed(105), freeze.indexCompleted(), freeze.committed())
                .thenNothing();
        s.ports().resume(freeze(a));
        s.then(undoFreeze(a));
        assertThat(s.frozen()).isEmpty();
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void aFreezeThatFailsElsewhereAfterItsFilesAreDoneIsUndone() {
        s.registry().atomic(false);
        givenEnabled();
        s.when(freeze.begin()).then(freeze(a), commitFreeze(a));
        s.when(freeze.completed(104), freeze.indexCompleted(), freeze.committed())
                .then(undoFreeze(a));
        assertThat(s.frozen()).isEmpty();
    }

    @Test
    void aFreezeThatFailsAfterItsProcessDiedIsUndoneByTheNextOne() {
        s.registry().atomic(false);
        givenEnabled();
        s.when(freeze.begin()).then(freeze(a), commitFreeze(a));
        // The repo is enabled with the tier "freezing", so that nothing is given back then.
        s.restart().then(getRepo(a), enable(a));
        s.when(freeze.completed(104), freeze.indexCompleted(), freeze.committed())
                .then(undoFreeze(a));
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void aFreezeWhoseFilesNobodyHasBegunIsNotUndone() {
        s.registry().atomic(false);
        givenEnabled();
        s.when(freeze.started(), freeze.indexStarted(), freeze.repoStarted()).thenNothing();
        s.when(freeze.completed(104), freeze.indexCompleted(), freeze.committed())
                .thenNothing();
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void aFreezeThatIsGivenUpWhileTheRepoIsWaitedForNeverBegins() {
        s.given(a.added(), a.initStarted(), a.errorSet("x")).given(freeze.begin());
        s.start().advance(Duration.ofMinutes(5));
        s.when(freeze.completed(105), freeze.indexCompleted(), freeze.committed())
                .then(undoFreeze(a));
        assertThat(s.observer().workflows()).isEmpty();
        s.when(a.shadowCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void aCommitThatGetsNoAnswerIsRepeatedWithoutDoingTheFilesAgain() {
        givenEnabled();
        s.ports().fail(commitFreeze(a), 3, () -> new IllegalStateException("no answer"));
        s.when(freeze.begin()).then(freeze(a), commitFreeze(a), commitFreeze(a), commitFreeze(a), commitFreeze(a));
    }

    @Test
    void aRestartDuringTheFilesDoesThemAgain() {
        givenEnabled();
        s.ports().hang(freeze(a));
        s.when(freeze.begin()).then(freeze(a));
        s.ports().mend(freeze(a));
        s.restart().then(getRepo(a), enable(a), freeze(a), commitFreeze(a));
    }

    @Test
    void aFreezeOfAForeignRepoIsNotOurs() {
        s.start();
        s.given(f.added(), f.initStarted(), f.shadowCreated());
        s.when(f.freeze(s.workflow()).begin()).thenNothing();
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void anUnknownEventInAnyOfTheseIsPassedOver() {
        givenEnabled();
        WorkflowEvent unknown = WorkflowEvent.newBuilder().setEventValue(9999).build();
        s.when(freeze.started(), freeze.indexStarted(), freeze.event(unknown));
        s.when(new Change<>(new IndexKey(Scenario.REGISTRY), unknown));
        s.when(freeze.filesStarted()).then(freeze(a), commitFreeze(a));
        assertThat(s.observations(Observation.Retrying.class)).isEmpty();
    }

    @Test
    void aPingIsAnsweredThreeTimesASecondApart() {
        s.start().thenNothing();
        s.when(ping.begin()).advance(Duration.ofMillis(10)).nowExactly(serverPing(ping));
        s.advance(Duration.ofMillis(500)).nowExactly();
        s.advance(Duration.ofMillis(600)).nowExactly(serverPing(ping));
        s.then(serverPing(ping));
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void aPingWhoseAnswersAreCountedIsOver() {
        s.start();
        s.when(ping.begin()).advance(Duration.ofMillis(10)).nowExactly(serverPing(ping));
        s.when(ping.gathered()).advance(Duration.ofMillis(1_500)).nowExactly(serverPing(ping));
        s.thenNothing();
        assertThat(s.observer().workflows()).isEmpty();
    }

    @Test
    void aSnapshotOfTheIndexReplacesWhatWasBeforeIt() {
        s.given(a.added(), a.initStarted(), a.shadowCreated());
        // Nobody says that this one has ended: the snapshot does not list it.
        ScriptedFreeze forgotten = a.freeze(s.workflow());
        s.given(forgotten.begin());
        s.given(freeze.started(), freeze.filesStarted());
        s.given(new Change<>(new IndexKey(Scenario.REGISTRY), Events.workflow(WorkflowEvent.Type.EV_SNAPSHOT_BEGIN)));
        s.given(new Change<>(
                new IndexKey(Scenario.REGISTRY), Events.snapshotOfFreeze(freeze.workflow(), a.globalPath(), true)));
        s.given(new Change<>(
                new IndexKey(Scenario.REGISTRY), Events.snapshotOfFreeze(s.workflow(), a.globalPath(), false)));
        s.given(new Change<>(new IndexKey(Scenario.REGISTRY), Events.workflow(WorkflowEvent.Type.EV_SNAPSHOT_END)));
        s.start().then(getRepo(a), enable(a), freeze(a), commitFreeze(a));
    }

    private static Change<WorkflowEvent> index(WorkflowEvent event) {
        return new Change<>(new IndexKey(Scenario.REGISTRY), event);
    }

    /** A registry that goes step by step may be quiet for a moment in the middle of a snapshot. */
    @Test
    void aSnapshotThatIsNotWholeYetLosesNothing() {
        s.given(a.added(), a.initStarted(), a.shadowCreated());
        s.given(freeze.started(), freeze.filesStarted());
        s.given(index(Events.workflow(WorkflowEvent.Type.EV_SNAPSHOT_BEGIN)));
        s.start().then(getRepo(a), enable(a));
        s.when(index(Events.snapshotOfFreeze(freeze.workflow(), a.globalPath(), true)))
                .then(freeze(a), commitFreeze(a));
        s.when(index(Events.workflow(WorkflowEvent.Type.EV_SNAPSHOT_END))).thenNothing();
        s.when(unfreeze.begin()).then(unfreeze(a), commitUnfreeze(a));
    }

    @Test
    void whatRunsBeforeASnapshotThatIsNotWholeYetIsStartedOnce() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).given(freeze.begin());
        s.given(index(Events.workflow(WorkflowEvent.Type.EV_SNAPSHOT_BEGIN)));
        s.start().then(getRepo(a), enable(a), freeze(a), commitFreeze(a));
        s.when(index(Events.snapshotOfFreeze(freeze.workflow(), a.globalPath(), true)))
                .thenNothing();
        s.when(index(Events.workflow(WorkflowEvent.Type.EV_SNAPSHOT_END))).thenNothing();
        assertThat(s.observations(Observation.WorkflowEnded.class)).hasSize(1);
    }
}
