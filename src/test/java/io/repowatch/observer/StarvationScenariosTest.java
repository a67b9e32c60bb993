package io.repowatch.observer;

import static io.repowatch.testkit.Call.initRepo;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRepo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting repos starve nobody: S51-S53 and S55 of the storage specification §1.8, with the default limits. */
class StarvationScenariosTest {
    private final Scenario s = Scenario.own("/own");
    private final List<ScriptedRepo> repos = new ArrayList<>();
    private final List<UUID> moves = new ArrayList<>();

    @AfterEach
    void close() {
        s.close();
    }

    private void givenWaitingInRelease(int count, String to) {
        for (int i = 0; i < count; i++) {
            ScriptedRepo repo = s.repo("/own/r" + i);
            UUID move = s.workflow();
            repos.add(repo);
            moves.add(move);
            s.given(repo.added(), repo.initStarted(), repo.shadowCreated());
            s.given(repo.moveAccepted(move, to + i), repo.moveStarted(move, to + i));
        }
        s.start().advance(Duration.ofSeconds(1));
        assertThat(s.ports().running()).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 100})
    void s51_s52_aNewRepoIsInitialisedWhileOthersWaitInTheirReleases(int waiting) {
        givenWaitingInRelease(waiting, "/foreign/r");
        ScriptedRepo z = s.repo("/own/z");
        s.when(z.initStarted(), z.added()).advance(Duration.ofSeconds(1));
        assertThat(s.ports().calls()).endsWith(initRepo(z));
        moves.forEach(s.workflows()::endRelease);
        s.advance(Duration.ofSeconds(1));
        assertThat(s.ports().running()).isZero();
        assertThat(s.observer().states()).containsOnlyKeys(z.id());
    }

    @Test
    void s53_movesWithinOneServerAndANewRepoAllComplete() {
        givenWaitingInRelease(50, "/own/new");
        ScriptedRepo z = s.repo("/own/z");
        s.when(z.initStarted(), z.added()).advance(Duration.ofSeconds(1));
        assertThat(s.ports().calls()).endsWith(initRepo(z));
        for (int i = 0; i < moves.size(); i++) {
            s.workflows().endRelease(moves.get(i));
            s.workflows().endAcquire(moves.get(i));
            s.when(
                    repos.get(i).moved(moves.get(i), "/own/new" + i),
                    repos.get(i).registryMoved(moves.get(i), "/own/new" + i));
        }
        s.advance(Duration.ofMinutes(1));
        assertThat(s.enabled()).hasSize(50);
    }

    @Test
    void aThousandReposWhoseInitialisationNeverEndsDoNotDelayOneMore() {
        for (int i = 0; i < 1000; i++) {
            ScriptedRepo repo = s.repo("/own/r" + i);
            s.given(repo.added(), repo.initStarted());
            s.ports().hang(initRepo(repo));
        }
        ScriptedRepo z = s.repo("/own/z");
        s.start().advance(Duration.ofSeconds(1));
        s.when(z.initStarted(), z.shadowCreated(), z.added()).advance(Duration.ofSeconds(1));
        assertThat(s.enabled()).containsOnlyKeys(z.id());
        assertThat(s.ports().calls()).endsWith(Call.getRepo(z), Call.enable(z));
        assertThat(s.observer().counts())
                .containsEntry(RepoStatus.State.INITIALISING, 1000L)
                .containsEntry(RepoStatus.State.ENABLED, 1L);
    }

    @Test
    void s55_shutdownWithoutGraceEndsAtOnceAlthoughMovesWait() {
        givenWaitingInRelease(12, "/foreign/r");
        boolean[] ended = new boolean[1];
        var stopping = s.observer().stop(Duration.ZERO).subscribe(nothing -> {}, e -> {}, () -> ended[0] = true);
        s.advance(Duration.ofMillis(1));
        assertThat(ended[0]).isTrue();
        assertThat(s.ports().running()).isZero();
        assertThat(s.registry().openReads()).isZero();
        assertThat(s.completed()).isTrue();
        stopping.dispose();
    }
}
