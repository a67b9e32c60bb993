package io.repowatch.observer;

import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.enableGitlab;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.initRepo;
import static io.repowatch.testkit.Call.setRepoError;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRegistry.Signals;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scenarios of the storage specification §1.8 about init, enable, GitLab, errors, prefixes and signals. */
class InitScenariosTest {
    private final Scenario s = Scenario.own("/own");
    private final ScriptedRepo a = s.repo("/own/a");

    @AfterEach
    void close() {
        s.close();
    }

    @Test
    void s01_aRepoWithAShadowIsEnabled() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a));
        assertThat(s.info(a).shadowPath()).isEqualTo(a.shadowPath());
        assertThat(s.info(a).hostPath()).isEqualTo(a.hostPath());
    }

    @Test
    void s02_aRepoWithoutAShadowIsInitialisedThenEnabled() {
        s.given(a.added(), a.initStarted()).start().then(initRepo(a));
        s.when(a.shadowCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void s03_aStoredErrorDoesNotKeepAUsableRepoFromBeingEnabled() {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.errorSet("full disk"))
                .start()
                .then(getRepo(a), enable(a));
        s.when(a.errorCleared()).thenNothing();
    }

    @Test
    void s04_aStoredErrorHoldsTheInitialisationUntilItIsCleared() {
        s.given(a.added(), a.initStarted(), a.errorSet("no such directory"))
                .start()
                .thenNothing();
        assertThat(s.status(a))
                .returns(RepoStatus.State.ERROR, RepoStatus::state)
                .returns("no such directory", RepoStatus::lastError);
        s.when(a.errorCleared()).then(initRepo(a));
        s.when(a.shadowCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void s05_gitlabComesAfterTheRepoIsEnabled() {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.gitlabAccepted())
                .start()
                .then(getRepo(a), enable(a), enableGitlab(a));
        s.when(a.gitCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void s06_anUnreachableGitlabIsTriedSevenTimesThenStoredAndTheRepoStaysEnabled() {
        s.ports().failAlways(enableGitlab(a), () -> new WeakError("GitLab does not answer"));
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.gitlabAccepted())
                .start()
                .then(calls(getRepo(a), enable(a), times(7, enableGitlab(a)), setRepoError(a)));
        assertThat(s.enabled()).containsKey(a.id());
    }

    @Test
    void s07_gitlabWaitsUntilTheErrorIsCleared() {
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.gitlabAccepted(), a.errorSet("no GitLab"))
                .start()
                .then(getRepo(a), enable(a));
        s.when(a.errorCleared()).then(enableGitlab(a));
        s.when(a.gitCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void s08_gitlabThatTheInitialisationAskedForIsTakenUpAgain() {
        s.given(a.added(), a.initStartedWithGitlab(), a.shadowCreated())
                .start()
                .then(getRepo(a), enable(a), enableGitlab(a));
    }

    @Test
    void s09_aRepoThatIsAddedWhileWatchingIsInitialised() {
        s.given(a.initStarted()).start().thenNothing();
        s.when(a.added()).then(initRepo(a));
        s.when(a.shadowCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void s10_gitlabThatIsWantedWhileWatchingIsMade() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a));
        s.when(a.gitlabAccepted()).then(enableGitlab(a));
        s.when(a.gitCreated()).then(getRepo(a), enable(a));
    }

    /** GitLab needs the shadow, so it comes after the enable that follows its event, not right after the init (D11). */
    @Test
    void s11_initThenEnableThenGitlabAndOnlyWhatFailedIsRepeated() {
        s.ports().fail(enableGitlab(a), 1, () -> new StrongError("wrong SSH location"));
        s.given(a.added(), a.initStarted(), a.gitlabAccepted(), a.errorSet("x"))
                .start()
                .thenNothing();
        s.when(a.errorCleared()).then(initRepo(a));
        s.when(a.shadowCreated()).then(getRepo(a), enable(a), enableGitlab(a), setRepoError(a));
        s.when(a.errorCleared()).then(enableGitlab(a));
        s.when(a.gitCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void s31_aRepoThatHasLeftIsNotEvenRead() {
        var move = s.workflow();
        s.given(
                        a.added(),
                        a.initStarted(),
                        a.shadowCreated(),
                        a.moveAccepted(move, "/foreign/a"),
                        a.moveStarted(move, "/foreign/a"),
                        a.moved(move, "/foreign/a"),
                        a.registryMoved(move, "/foreign/a"))
                .start()
                .thenNothing();
        assertThat(s.registry().reads(new RepoKey(a.id()))).isZero();
    }

    @Test
    void s32_aRepoThatHasComeIsEnabled() {
        ScriptedRepo b = s.repo("/foreign/b");
        var move = s.workflow();
        s.given(
                        b.added(),
                        b.initStarted(),
                        b.shadowCreated(),
                        b.moveAccepted(move, "/own/b"),
                        b.moveStarted(move, "/own/b"),
                        b.moved(move, "/own/b"),
                        b.registryMoved(move, "/own/b"))
                .start()
                .then(getRepo(b), enable(b));
        assertThat(s.info(b).globalPath()).hasToString("/own/b");
    }

    @Test
    void s37_sixWeakFailuresAreRetriedAndTheSeventhIsStored() {
        s.ports().fail(initRepo(a), 7, () -> new WeakError("busy"));
        s.given(a.initStarted()).start();
        s.when(a.added()).then(calls(times(7, initRepo(a)), setRepoError(a)));
        s.when(a.errorCleared()).then(initRepo(a));
        s.when(a.shadowCreated()).then(getRepo(a), enable(a));
    }

    @Test
    void s38_failuresOfOneOperationDoNotCountAgainstAnother() {
        s.ports().fail(initRepo(a), 4, () -> new WeakError("busy"));
        s.ports().failAlways(enableGitlab(a), () -> new WeakError("GitLab does not answer"));
        s.given(a.added(), a.initStartedWithGitlab()).start().then(times(5, initRepo(a)));
        s.when(a.shadowCreated()).then(calls(getRepo(a), enable(a), times(7, enableGitlab(a)), setRepoError(a)));
    }

    @Test
    void s39_aStrongFailureIsStoredAtOnceAndCutToTheLimit() {
        s.ports().fail(initRepo(a), 1, () -> new StrongError("x".repeat(200)));
        s.given(a.added(), a.initStarted()).start().then(initRepo(a), setRepoError(a));
        String stored = s.registry().state(a.id()).error();
        assertThat(stored.getBytes(StandardCharsets.UTF_8)).hasSize(120);
        assertThat(stored).startsWith("2026-01-01T00:00:00Z xxx").endsWith("...");
        s.when(a.errorCleared()).then(initRepo(a));
    }

    @Test
    void s40_aFailureThatIsKnownAlreadyIsNotStoredAndStaysPending() {
        s.ports().fail(initRepo(a), 1, () -> new StoredError("an error is stored"));
        s.given(a.added(), a.initStarted()).start().then(initRepo(a));
        s.when(a.errorCleared()).then(initRepo(a));
    }

    @Test
    void s41_anUnclassifiedFailureIsRetriedUntilItSucceeds() {
        s.ports().fail(getRepo(a), 9, () -> new IllegalStateException("no answer"));
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(calls(times(10, getRepo(a)), enable(a)));
    }

    @Test
    void s42_aCancelledOperationIsRetried() {
        s.ports().fail(initRepo(a), 2, () -> new CancellationException("stopping"));
        s.given(a.added(), a.initStarted()).start().then(times(3, initRepo(a)));
    }

    @Test
    void s44_aFailedEnableIsRepeatedWhenItsErrorIsCleared() {
        s.ports().fail(getRepo(a), 1, () -> new StrongError("no shadow"));
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), setRepoError(a));
        s.when(a.errorCleared()).then(getRepo(a), enable(a));
    }

    @Test
    void s45_anInitialisationThatCameWhileAnErrorWasStoredIsDoneWhenItIsCleared() {
        s.given(a.added(), a.errorSet("x")).start().thenNothing();
        s.when(a.initStarted()).thenNothing();
        s.when(a.errorCleared()).then(initRepo(a));
    }

    @Test
    void s46_unknownLegacyAndForeignEventsDoNothing() {
        ScriptedRepo near = s.repo("/ownx");
        s.given(a.added(), a.initStarted(), a.shadowCreated(), near.added(), near.initStarted())
                .start()
                .then(getRepo(a), enable(a));
        for (int type : new int[] {68, 69, 151, 152, 34, 38, 161, 208, 9999}) {
            s.when(a.event(RepoEvent.newBuilder().setEventValue(type).build()));
        }
        s.when(a.inRegistry(RegistryEvent.newBuilder().setEventValue(9999).build()));
        s.when(a.reinitAccepted(), near.shadowCreated()).thenNothing();
        assertThat(s.observations(Observation.Malformed.class)).isEmpty();
    }

    @Test
    void s47_aRepoAtThePrefixItselfIsOurs() {
        ScriptedRepo top = s.repo("/own");
        s.given(top.added(), top.initStarted()).start().then(initRepo(top));
    }

    @Test
    void s48_anEventWhoseSignalWasLostIsFoundByTheSweep() {
        s.given(a.added(), a.initStarted()).start().then(initRepo(a));
        s.registry().signals(Signals.LOSE);
        s.when(a.shadowCreated()).nowExactly();
        s.advance(Duration.ofHours(2)).then(getRepo(a), enable(a));
    }

    @Test
    void aRepoThatIsInitialisedAndEnabledPassesTheStates() {
        s.given(a.added(), a.initStarted());
        s.ports().hang(initRepo(a));
        s.start().advance(Duration.ofSeconds(1));
        assertThat(s.status(a)).returns(RepoStatus.State.INITIALISING, RepoStatus::state);
        s.ports().mend(initRepo(a));
        s.restart().advance(Duration.ofSeconds(1));
        s.when(a.shadowCreated()).advance(Duration.ofSeconds(1));
        assertThat(s.status(a))
                .returns(RepoStatus.State.ENABLED, RepoStatus::state)
                .returns(null, RepoStatus::nextRetry)
                .returns(null, RepoStatus::lastError);
        assertThat(s.observer().counts()).isEqualTo(Map.of(RepoStatus.State.ENABLED, 1L));
    }

    private static Call[] times(int count, Call call) {
        return Collections.nCopies(count, call).toArray(Call[]::new);
    }

    private static Call[] calls(Object... parts) {
        return Arrays.stream(parts)
                .flatMap(part -> part instanceof Call[] many ? Stream.of(many) : Stream.of((Call) part))
                .toArray(Call[]::new);
    }

    /** Ids are what a store keeps streams side by side by. */
    @Test
    void reposThatAreThereAtTheStartAreLookedAtInTheOrderOfTheirIds() {
        try (Scenario many = Scenario.own("/own")) {
            List<ScriptedRepo> repos = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                ScriptedRepo repo = many.repo("/own/r" + i);
                repos.add(repo);
                many.given(repo.added(), repo.initStarted(), repo.shadowCreated());
            }
            many.start().advance(Duration.ofSeconds(1));
            repos.sort(Comparator.comparing(ScriptedRepo::id));
            assertThat(many.ports().calls().stream().filter(call -> call.kind() == Call.Kind.ENABLE))
                    .containsExactlyElementsOf(repos.stream().map(Call::enable).toList());
        }
    }
}
