package io.repowatch.observer;

import static io.repowatch.testkit.Call.acquire;
import static io.repowatch.testkit.Call.disable;
import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.moveShadow;
import static io.repowatch.testkit.Call.release;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRepo;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scenarios of the storage specification §1.8 about moves, as far as scripted workflow parts go. */
class MoveScenariosTest {
    private static final String NEW = "/own/new";
    private static final String AWAY = "/foreign/a";

    private final Scenario s = Scenario.own("/own");
    private final ScriptedRepo a = s.repo("/own/a");
    private final ScriptedRepo f = s.repo("/foreign/f");
    private final UUID w = s.workflow();

    @AfterEach
    void close() {
        s.close();
    }

    private void givenEnabled() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a));
    }

    private void sameServerMove(UUID workflow, String path) {
        s.when(a.moveAccepted(workflow, path), a.moveStarted(workflow, path)).then(disable(a), release(a));
        s.workflows().endRelease(workflow);
        s.then(acquire(a));
        s.workflows().endAcquire(workflow);
        s.when(a.moved(workflow, path), a.registryMoved(workflow, path)).then(getRepo(a), enable(a));
    }

    @Test
    void s12_aMoveWithinOneServerReleasesThenAcquiresThenEnables() {
        givenEnabled();
        sameServerMove(w, NEW);
        assertThat(s.info(a).globalPath()).hasToString(NEW);
    }

    @Test
    void s13_twoMovesOneAfterTheOther() {
        givenEnabled();
        sameServerMove(w, NEW);
        sameServerMove(s.workflow(), "/own/newer");
        assertThat(s.info(a).globalPath()).hasToString("/own/newer");
    }

    @Test
    void s15_aRepoThatMovesAwayIsReleasedAndLeft() {
        givenEnabled();
        s.when(a.moveAccepted(w, AWAY), a.moveStarted(w, AWAY)).then(disable(a), release(a));
        s.workflows().endRelease(w);
        s.when(a.moved(w, AWAY), a.registryMoved(w, AWAY), a.gitlabAccepted(), a.errorCleared())
                .thenNothing();
        assertThat(s.enabled()).isEmpty();
        assertThat(s.observer().states()).isEmpty();
    }

    @Test
    void s16_aDisableThatFailsIsRetriedAndNeverStored() {
        givenEnabled();
        s.ports().fail(disable(a), 2, () -> new StrongError("busy"));
        s.when(a.moveAccepted(w, AWAY), a.moveStarted(w, AWAY)).then(disable(a), disable(a), disable(a), release(a));
    }

    @Test
    void s17_aRepoThatMovesInIsAcquiredThenEnabled() {
        s.given(f.added(), f.initStarted(), f.shadowCreated()).start().thenNothing();
        s.when(f.moveAccepted(w, "/own/f"), f.moveStarted(w, "/own/f")).then(acquire(f));
        s.workflows().endAcquire(w);
        s.when(f.moved(w, "/own/f"), f.registryMoved(w, "/own/f")).then(getRepo(f), enable(f));
    }

    @Test
    void s18_anAcquireWaitsForTheStartOfItsMove() {
        s.given(f.added(), f.initStarted(), f.shadowCreated()).start();
        s.when(f.moveAccepted(w, "/own/f")).thenNothing();
        assertThat(s.status(f)).returns(RepoStatus.State.WAITING, RepoStatus::state);
        s.when(f.errorSet("x"), f.errorCleared(), f.gitCreated()).thenNothing();
        s.when(f.moveStarted(w, "/own/f")).then(acquire(f));
    }

    @Test
    void s21_aRestartWhenTheMoveIsOnlyAcceptedEnablesAndThenMoves() {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.moveAccepted(w, NEW))
                .start()
                .then(getRepo(a), enable(a));
        s.when(a.moveStarted(w, NEW)).then(disable(a), release(a));
        s.workflows().endRelease(w);
        s.then(acquire(a));
        s.workflows().endAcquire(w);
        s.when(a.moved(w, NEW), a.registryMoved(w, NEW)).then(getRepo(a), enable(a));
    }

    @Test
    void s22_aRestartAfterTheStartOfTheMoveDisablesAndReleases() {
        givenStarted(NEW);
        s.start().then(disable(a), release(a));
    }

    @Test
    void s24_aRestartAfterTheReleaseGoesOnToTheAcquire() {
        givenStarted(NEW);
        s.workflows().endRelease(w);
        s.start().then(disable(a), release(a), acquire(a));
    }

    @Test
    void s25_aRestartBeforeTheRepoHasMovedEnablesItOnlyAfterwards() {
        givenStarted(NEW);
        s.workflows().endRelease(w);
        s.workflows().endAcquire(w);
        s.start().then(disable(a), release(a), acquire(a));
        s.when(a.moved(w, NEW)).then(getRepo(a), enable(a));
        s.when(a.registryMoved(w, NEW)).thenNothing();
    }

    @Test
    void s27_aRestartAfterTheMoveEnables() {
        givenStarted(NEW);
        s.given(a.moved(w, NEW), a.registryMoved(w, NEW)).start().then(getRepo(a), enable(a));
    }

    @Test
    void s28_theOldServerRestartsWhenTheMoveAwayIsOnlyAccepted() {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.moveAccepted(w, AWAY))
                .start()
                .then(getRepo(a), enable(a));
        s.when(a.moveStarted(w, AWAY)).then(disable(a), release(a));
    }

    @Test
    void s28_theOldServerRestartsDuringTheMoveAway() {
        givenStarted(AWAY);
        s.workflows().endRelease(w);
        s.start().then(disable(a), release(a));
        s.when(a.moved(w, AWAY), a.registryMoved(w, AWAY)).thenNothing();
        assertThat(s.observer().states()).isEmpty();
    }

    private void givenStarted(String path) {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.moveAccepted(w, path), a.moveStarted(w, path));
    }

    @Test
    void s33_aMoveOfTheShadowDisablesWaitsAndEnables() {
        givenEnabled();
        s.when(a.shadowMoveStarted(w)).then(disable(a), moveShadow(a));
        s.when(a.shadowMoved(w)).thenNothing();
        s.workflows().endMoveShadow(w);
        s.then(getRepo(a), enable(a));
        assertThat(s.info(a).shadowPath()).startsWith("/moved/");
    }

    @Test
    void s34_aRestartDuringAMoveOfTheShadowTakesItUpAgain() {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.shadowMoveStarted(w))
                .start()
                .then(disable(a), moveShadow(a));
        s.workflows().endMoveShadow(w);
        s.when(a.shadowMoved(w)).then(getRepo(a), enable(a));
    }

    @Test
    void s35_aRestartAfterAMoveOfTheShadowEnables() {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.shadowMoveStarted(w), a.shadowMoved(w))
                .start()
                .then(getRepo(a), enable(a));
    }

    @Test
    void s56_aMoveToTheSamePathIsAMove() {
        givenEnabled();
        sameServerMove(w, a.globalPath());
    }

    @Test
    void whatIsPendingDuringAMoveOfTheShadowIsDoneAfterIt() {
        givenEnabled();
        s.when(a.shadowMoveStarted(w)).then(disable(a), moveShadow(a));
        s.workflows().endMoveShadow(w);
        s.when(a.gitlabAccepted()).thenNothing();
        assertThat(s.status(a).why()).isEqualTo("move " + w + " of its shadow is under way");
        s.when(a.shadowMoved(w)).then(getRepo(a), enable(a), Call.enableGitlab(a));
    }

    @Test
    void withoutWorkflowActivitiesARepoThatMovesStaysDisabledAndSaysWhy() {
        try (Scenario plain = Scenario.builder()
                .config(config -> config.prefix("/own"))
                .workflows(WorkflowActivities.none())
                .build()) {
            ScriptedRepo b = plain.repo("/own/b");
            plain.given(b.added(), b.initStarted(), b.shadowCreated(), b.moveStarted(w, AWAY))
                    .start()
                    .then(disable(b));
            assertThat(plain.status(b).state()).isEqualTo(RepoStatus.State.WAITING);
            assertThat(plain.status(b).why()).contains("workflow activities are not part of this version");
            assertThat(plain.observations(Observation.Waiting.class)).hasSize(1);
        }
    }
}
