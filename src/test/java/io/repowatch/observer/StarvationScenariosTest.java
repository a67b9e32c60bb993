package io.repowatch.observer;

import static io.repowatch.testkit.Call.initRepo;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRepo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Waiting repos starve nobody: S51-S53 and S55 of the storage specification §1.8, with the default limits. */
class StarvationScenariosTest {
    private final Scenario s = Scenario.own("/own");
    private final List<ScriptedRepo> repos = new ArrayList<>();
    private final List<ScriptedMove> moves = new ArrayList<>();

    @AfterEach
    void close() {
        s.close();
    }

    private void givenWaitingInRelease(int count, String to) {
        for (int i = 0; i < count; i++) {
            ScriptedRepo repo = s.repo("/own/r" + i);
            ScriptedMove move = repo.move(s.workflow(), to + i);
            repos.add(repo);
            moves.add(move);
            s.given(repo.added(), repo.initStarted(), repo.shadowCreated());
            s.given(move.begin());
        }
        s.start().advance(Duration.ofSeconds(1));
        assertThat(s.observer().workflows()).hasSize(count).allMatch(status -> status.part() == WorkflowPart.RELEASE);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 100})
    void s51_s52_aNewRepoIsInitialisedWhileOthersWaitInTheirReleases(int waiting) {
        givenWaitingInRelease(waiting, "/foreign/r");
        ScriptedRepo z = s.repo("/own/z");
        s.when(z.initStarted(), z.added()).advance(Duration.ofSeconds(1));
        assertThat(s.ports().calls()).endsWith(initRepo(z));
        moves.forEach(move -> s.when(move.appAccepted()));
        s.advance(Duration.ofSeconds(1));
        assertThat(s.ports().calls().stream().filter(call -> call.kind() == Call.Kind.POST_RELEASED))
                .hasSize(waiting);
        assertThat(s.observer().workflows()).isEmpty();
        assertThat(s.observer().states()).containsOnlyKeys(z.id());
    }

    @Test
    void s53_movesWithinOneServerAndANewRepoAllComplete() {
        givenWaitingInRelease(50, "/own/new");
        ScriptedRepo z = s.repo("/own/z");
        s.when(z.initStarted(), z.added()).advance(Duration.ofSeconds(1));
        assertThat(s.ports().calls()).endsWith(initRepo(z));
        moves.forEach(move -> s.when(move.appAccepted()));
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
