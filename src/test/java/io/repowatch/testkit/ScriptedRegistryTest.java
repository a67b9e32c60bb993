package io.repowatch.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.repowatch.engine.Event;
import io.repowatch.engine.PositionUnknownException;
import io.repowatch.engine.Wakeup;
import io.repowatch.id.Vid;
import io.repowatch.observer.CommandRejectedException;
import io.repowatch.observer.RepoKey;
import io.repowatch.observer.RepoState;
import io.repowatch.testkit.ScriptedRegistry.Signals;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class ScriptedRegistryTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Scenario scenario = Scenario.own("/own");
    private final ScriptedRegistry registry = scenario.registry();
    private final ScriptedRepo a = scenario.repo("/own/a");
    private final RepoKey key = new RepoKey(a.id());

    @AfterEach
    void close() {
        scenario.close();
    }

    @Test
    void eventsFormAChainAndAreReadAfterAPosition() {
        Vid first = registry.append(a.initStarted());
        Vid second = registry.append(a.shadowCreated());
        StepVerifier.create(registry.read(key, Vid.EPOCH).map(Event::parent))
                .expectNext(Vid.EPOCH, first)
                .expectComplete()
                .verify(SOON);
        StepVerifier.create(registry.read(key, first).map(Event::id))
                .expectNext(second)
                .expectComplete()
                .verify(SOON);
        StepVerifier.create(registry.read(key, second)).expectComplete().verify(SOON);
        StepVerifier.create(registry.read(key, new Vid(1, 1)))
                .expectError(PositionUnknownException.class)
                .verify(SOON);
        assertThat(registry.reads(key)).isEqualTo(4);
        assertThat(registry.openReads()).isZero();
    }

    @Test
    void aScriptedReadFailsWhereItShouldAndThenWorks() {
        registry.append(a.initStarted());
        registry.append(a.shadowCreated());
        registry.failReads(key, 1, 1, () -> new IllegalStateException("cut"));
        StepVerifier.create(registry.read(key, Vid.EPOCH))
                .expectNextCount(1)
                .expectErrorMessage("cut")
                .verify(SOON);
        StepVerifier.create(registry.read(key, Vid.EPOCH))
                .expectNextCount(2)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void signalsArriveOnceTwiceOrNever() {
        Flux<Wakeup> wakeups = registry.wakeups();
        StepVerifier.create(wakeups)
                .expectNext(Wakeup.ALL)
                .then(() -> registry.append(a.initStarted()))
                .expectNext(Wakeup.of(a.id()))
                .then(() -> registry.signals(Signals.LOSE).append(a.errorSet("x")))
                .then(() -> registry.signals(Signals.DUPLICATE).append(a.errorCleared()))
                .expectNext(Wakeup.of(a.id()), Wakeup.of(a.id()))
                .then(registry::signalAll)
                .expectNext(Wakeup.ALL)
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void commandsAreDecidedAsARegistryDecidesThem() {
        registry.append(a.initStarted());
        Vid shadow = registry.confirmShadow(a.id(), "/s").block(SOON);
        assertThat(registry.confirmShadow(a.id(), "/s").block(SOON)).isEqualTo(shadow);
        rejected(() -> registry.confirmShadow(a.id(), "/other").block(SOON), "init conflict");
        registry.confirmGit(a.id(), 7).block(SOON);
        rejected(() -> registry.confirmGit(a.id(), 8).block(SOON), "init conflict");
        registry.setRepoError(a.id(), "broken").block(SOON);
        rejected(() -> registry.setRepoError(a.id(), "other").block(SOON), "command conflict");
        rejected(() -> registry.setRepoError(a.id(), "x".repeat(201)).block(SOON), "error message too long");

        RepoState state = registry.state(a.id());
        assertThat(state.shadowPath()).isEqualTo("/s");
        assertThat(state.gitlabProjectId()).isEqualTo(7);
        assertThat(state.error()).isEqualTo("broken");
        assertThat(registry.getRepo(a.id()).map(repo -> repo.getShadow()).block(SOON))
                .isEqualTo("host1:/s");
    }

    private static void rejected(Runnable command, String message) {
        assertThatExceptionOfType(CommandRejectedException.class)
                .isThrownBy(command::run)
                .withMessage(message);
    }

    @Test
    void aScenarioThatGoesAnotherWaySaysWhatWasExpectedAndWhatCame() {
        scenario.given(a.added(), a.initStarted()).start();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> scenario.then(Call.initRepo(a), Call.getRepo(a)))
                .withMessageContaining("GET_REPO /own/a")
                .withMessageContaining("but were:\n  INIT_REPO /own/a");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> scenario.info(a))
                .withMessage("/own/a is not enabled");
    }

    @Test
    void everythingThatWasAppendedByOneStepIsThereBeforeTheObserverSeesTheFirst() {
        scenario.start();
        scenario.when(a.added(), a.initStarted(), a.shadowCreated()).then(Call.getRepo(a), Call.enable(a));
        assertThat(List.copyOf(scenario.enabled().keySet())).containsExactly(a.id());
    }
}
