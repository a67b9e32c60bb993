package io.repowatch.observer;

import static io.repowatch.testkit.Call.commitMove;
import static io.repowatch.testkit.Call.disable;
import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.enableGitlab;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.initRepo;
import static io.repowatch.testkit.Call.moveRepo;
import static io.repowatch.testkit.Call.postReleased;
import static io.repowatch.testkit.Call.setRepoError;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRegistry.Signals;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** One test for each defect of the original in the observer's room (storage specification §14): ours must have none. */
class DefectsTest {
    private static final String AWAY = "/foreign/a";

    private final Scenario s = Scenario.own("/own");
    private final ScriptedRepo a = s.repo("/own/a");
    private final ScriptedRepo f = s.repo("/foreign/f");
    private final UUID w = s.workflow();
    private final ScriptedMove in = f.move(s.workflow(), "/own/f");
    private final ScriptedMove away = a.move(s.workflow(), AWAY);
    private final ScriptedMove within = a.move(s.workflow(), "/own/new");

    @AfterEach
    void close() {
        s.close();
    }

    @Test
    void d01_theReceivingServerOfAnUnfinishedMoveAcquiresTheRightRepoAfterAColdStart() {
        s.given(f.added(), f.initStarted(), f.shadowCreated())
                .given(in.begin())
                .start()
                .thenNothing();
        assertThat(s.observer().workflows())
                .singleElement()
                .returns(WorkflowPart.ACQUIRE, WorkflowStatus::part)
                .returns(f.id(), WorkflowStatus::repo);
        s.when(in.appAccepted(), in.released()).then(moveRepo(f), commitMove(f), getRepo(f), enable(f));
    }

    @Test
    void d02_theReceivingServerNeverReleasesOnBehalfOfTheOther() {
        s.given(f.added(), f.initStarted(), f.shadowCreated(), in.accepted())
                .start()
                .thenNothing();
        s.when(in.started(), in.workflowStarted(), in.appAccepted()).thenNothing();
        assertThat(s.observer().workflows()).singleElement().returns(WorkflowPart.ACQUIRE, WorkflowStatus::part);
        // Not even a link that follows it was started: that would have quit.
        assertThat(s.observations(Observation.ActionDone.class)).isEmpty();
    }

    @Test
    void d03_aRestartBetweenTheTwoMovedEventsLeavesNoAcquireBehind() {
        String path = "/own/new";
        s.given(
                        a.added(),
                        a.initStarted(),
                        a.shadowCreated(),
                        a.moveAccepted(w, path),
                        a.moveStarted(w, path),
                        a.moved(w, path))
                .start()
                .then(getRepo(a), enable(a));
        s.when(a.errorSet("x"), a.errorCleared(), a.registryMoved(w, path)).thenNothing();

        // The chain holds one link and no more: when it quits, nothing follows.
        s.when(away.begin()).then(disable(a));
        s.when(away.appAccepted()).then(postReleased(a));
        assertThat(s.observer().states()).isEmpty();
    }

    @Test
    void d03_anAcquireThatIsAppendedAfterItsMoveWasSeenNeverRuns() {
        String path = "/own/new";
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.moveStarted(w, path), a.moved(w, path))
                .start()
                .then(getRepo(a), enable(a));
        s.when(a.moveAccepted(w, path), a.registryMoved(w, path)).thenNothing();
        s.when(away.begin()).then(disable(a));
        s.when(away.appAccepted()).then(postReleased(a));
    }

    @Test
    void d04_theOldServerDoesNotEnableARepoThatHasLeft() {
        s.given(
                        a.added(),
                        a.initStarted(),
                        a.shadowCreated(),
                        a.moveAccepted(w, AWAY),
                        a.moveStarted(w, AWAY),
                        a.moved(w, AWAY))
                .start()
                .thenNothing();
        s.when(a.registryMoved(w, AWAY), a.gitCreated(), a.errorCleared()).thenNothing();
        assertThat(s.observer().states()).isEmpty();
    }

    @Test
    void d04_aRepoThatLeavesWithoutAReleaseIsDisabledAndLeft() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a));
        s.when(a.moved(w, AWAY)).then(disable(a));
        s.when(a.gitCreated()).thenNothing();
        assertThat(s.enabled()).isEmpty();
    }

    @Test
    void d04_aRepoThatLeavesBeforeItsFirstQuiescenceIsOverIsDisabledAndLeft() {
        s.ports().failAlways(enableGitlab(a), () -> new IllegalStateException("no answer"));
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.gitlabAccepted())
                .start()
                .advance(Duration.ofMillis(10))
                .nowExactly(getRepo(a), enable(a), enableGitlab(a));
        s.when(a.moved(w, AWAY)).then(disable(a));
        assertThat(s.enabled()).isEmpty();
        assertThat(s.observer().states()).isEmpty();
    }

    @Test
    void d05_d06_waitingReposHoldNoPermitSoThatOthersAreNotStarved() {
        try (Scenario one = Scenario.builder()
                .config(config -> config.prefix("/own").repoReads(1).generalReads(1))
                .build()) {
            List<ScriptedMove> moves = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ScriptedRepo repo = one.repo("/own/r" + i);
                moves.add(repo.move(one.workflow(), "/own/new" + i));
                one.given(repo.added(), repo.initStarted(), repo.shadowCreated());
            }
            one.start().advance(Duration.ofSeconds(1));
            moves.forEach(move -> one.when(move.begin()));
            one.advance(Duration.ofSeconds(1));
            ScriptedRepo z = one.repo("/own/z");
            one.when(z.initStarted(), z.added());
            one.advance(Duration.ofSeconds(1));
            assertThat(one.ports().calls()).contains(initRepo(z));
            assertThat(one.observer().workflows()).hasSize(20);

            moves.forEach(move -> one.when(move.appAccepted()));
            one.advance(Scenario.PATIENCE);
            assertThat(one.enabled()).hasSize(20);
            assertThat(one.registry().mostOpenReads()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void d07_newsWithoutASignalIsFoundWithinTheSweepPeriod() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a));
        s.registry().signals(Signals.LOSE);
        s.when(a.gitlabAccepted()).advance(Duration.ofHours(1).plusMinutes(5));
        s.nowExactly(enableGitlab(a));
    }

    @Test
    void d08_shutdownEndsAtOnceAlthoughAMoveWaits() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).given(within.begin());
        s.start().then(disable(a));
        boolean[] ended = new boolean[1];
        var stopping =
                s.observer().stop(Duration.ofSeconds(5)).subscribe(nothing -> {}, e -> {}, () -> ended[0] = true);
        s.advance(Duration.ofMillis(1));
        assertThat(ended[0]).isTrue();
        assertThat(s.completed()).isTrue();
        s.when(within.appAccepted()).thenNothing();
        stopping.dispose();
    }

    @Test
    void d08_shutdownWaitsForWorkUntilTheDeadlineAndNoLonger() {
        s.given(a.added(), a.initStarted(), a.shadowCreated()).given(within.begin());
        s.given(within.appAccepted(), within.released());
        s.ports().hang(moveRepo(a));
        s.start().then(disable(a), moveRepo(a));
        boolean[] ended = new boolean[1];
        var stopping =
                s.observer().stop(Duration.ofSeconds(5)).subscribe(nothing -> {}, e -> {}, () -> ended[0] = true);
        s.advance(Duration.ofSeconds(4));
        assertThat(ended[0]).isFalse();
        s.advance(Duration.ofSeconds(2));
        assertThat(ended[0]).isTrue();
        assertThat(s.completed()).isTrue();
        assertThat(s.ports().running()).isZero();
        stopping.dispose();
    }

    @Test
    void d10_gitlabAfterAMoveSeesTheNewPlaces() {
        List<RepoState> states = new ArrayList<>();
        try (Scenario moved = Scenario.builder()
                .config(config -> config.prefix("/own"))
                .initializer(commands -> new CapturingInitializer(states))
                .build()) {
            ScriptedRepo b = moved.repo("/own/b");
            moved.given(
                            b.added(),
                            b.initStarted(),
                            b.shadowCreated(),
                            b.moveAccepted(w, "/own/c"),
                            b.moveStarted(w, "/own/c"),
                            b.moved(w, "/own/c"),
                            b.registryMoved(w, "/own/c"))
                    .start()
                    .when(b.gitlabAccepted())
                    .then(getRepo(b), enable(b), enableGitlab(b));
            assertThat(states).singleElement().satisfies(state -> {
                assertThat(state.shadowPath()).contains("/own/c/");
                assertThat(state.hostPath()).isEqualTo("/data/own/c");
            });
        }
    }

    /** Answers from the history, and keeps the states that GitLab was to be enabled for. */
    private record CapturingInitializer(List<RepoState> states) implements Initializer {
        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return Mono.justOrEmpty(RepoInfo.of(state)).switchIfEmpty(Mono.error(() -> new StrongError("no path")));
        }

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return Mono.fromRunnable(() -> states.add(state));
        }
    }

    @Test
    void d11_aPendingGitlabDoesNotDelayAUsableRepo() {
        s.ports().hang(enableGitlab(a));
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.gitlabAccepted())
                .start();
        s.advance(Duration.ZERO);
        assertThat(s.enabled()).containsKey(a.id());
        s.then(getRepo(a), enable(a), enableGitlab(a));
    }

    @Test
    void d12_gitlabOfTheInitialisationIsRememberedAcrossAStoredErrorAndARestart() {
        s.ports().fail(enableGitlab(a), 1, () -> new StrongError("no GitLab"));
        s.given(a.added(), a.initStartedWithGitlab(), a.shadowCreated())
                .start()
                .then(getRepo(a), enable(a), enableGitlab(a), setRepoError(a));
        s.restart().then(getRepo(a), enable(a));
        s.when(a.errorCleared()).then(enableGitlab(a));
    }

    @Test
    void d12_gitlabOfAnInitialisationWhileWatchingIsMadeAfterTheEnable() {
        s.given(a.added()).start().thenNothing();
        s.when(a.initStartedWithGitlab()).then(initRepo(a));
        s.when(a.shadowCreated()).then(getRepo(a), enable(a), enableGitlab(a));
    }

    @Test
    void d13_enableFailureIsRetriedWhenTheErrorIsCleared() {
        s.ports().fail(enable(a), 1, () -> new StrongError("table full"));
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().then(getRepo(a), enable(a), setRepoError(a));
        s.when(a.errorCleared()).then(getRepo(a), enable(a));
        s.when(a.errorSet("x"), a.errorCleared()).thenNothing();
    }

    @Test
    void d14_anInitialisationDuringAStoredErrorIsNotForgotten() {
        s.given(a.added(), a.errorSet("x")).start().thenNothing();
        s.when(a.initStartedWithGitlab()).thenNothing();
        s.when(a.errorCleared()).then(initRepo(a));
        s.when(a.shadowCreated()).then(getRepo(a), enable(a), enableGitlab(a));
    }

    @Test
    void d15_aSuccessStartsTheCountOfWeakFailuresAnew() {
        s.ports().fail(getRepo(a), 4, () -> new WeakError("busy"));
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().advance(Scenario.PATIENCE);
        assertThat(s.enabled()).containsKey(a.id());
        s.ports().failAlways(getRepo(a), () -> new WeakError("busy"));
        int before = s.ports().calls().size();
        s.when(a.gitCreated()).advance(Scenario.PATIENCE);
        List<Call> since = s.ports().calls().subList(before, s.ports().calls().size());
        assertThat(since).hasSize(8).endsWith(setRepoError(a));
        assertThat(since.subList(0, 7)).containsOnly(getRepo(a));
    }

    @Test
    void d15_anErrorThatIsStoredStartsTheCountAnew() {
        s.ports().failAlways(initRepo(a), () -> new WeakError("busy"));
        s.given(a.added(), a.initStarted()).start().advance(Scenario.PATIENCE);
        int before = s.ports().calls().size();
        s.when(a.errorCleared()).advance(Scenario.PATIENCE);
        assertThat(s.ports().calls().size() - before).isEqualTo(8);
    }

    @Test
    void d15_theCountOfWeakFailuresEndsWithTheLink() {
        s.ports().failAlways(getRepo(a), () -> new WeakError("busy"));
        s.given(a.added(), a.initStarted(), a.shadowCreated()).start().advance(Duration.ofSeconds(8));
        assertThat(s.ports().calls()).hasSizeBetween(2, 6).containsOnly(getRepo(a));
        s.when(a.moved(w, AWAY), a.registryMoved(w, AWAY)).advance(Scenario.PATIENCE);
        int before = s.ports().calls().size();
        ScriptedMove back = new ScriptedMove(a, s.workflow(), AWAY, "/own/b");
        s.when(back.begin()).when(back.appAccepted(), back.released()).advance(Scenario.PATIENCE);
        List<Call> since = s.ports().calls().subList(before, s.ports().calls().size());
        assertThat(since).endsWith(setRepoError(a));
        assertThat(Collections.frequency(since, getRepo(a))).isEqualTo(7);
    }

    @Test
    void d16_anErrorThatTheRegistryRefusesCountsAsStored() {
        s.ports().failAlways(getRepo(a), () -> new StrongError("no shadow"));
        s.given(a.added(), a.initStarted(), a.shadowCreated(), a.errorSet("another error"))
                .start()
                .then(getRepo(a), setRepoError(a));
        assertThat(s.registry().state(a.id()).error()).isEqualTo("another error");
        assertThat(s.observations(Observation.ErrorStored.class))
                .singleElement()
                .returns(true, Observation.ErrorStored::refused);
        s.advance(Duration.ofHours(3)).thenNothing();
    }

    @Test
    void d16_anErrorThatCouldNotBeSentIsStoredLater() {
        s.ports().fail(initRepo(a), 2, () -> new StrongError("no such directory"));
        s.ports().fail(setRepoError(a), 1, () -> new IllegalStateException("no answer"));
        s.given(a.added(), a.initStarted()).start().then(initRepo(a), setRepoError(a), initRepo(a), setRepoError(a));
        assertThat(s.registry().state(a.id()).error()).endsWith("no such directory");
    }

    @Test
    void d16_anErrorThatIsRefusedForItsCredentialsIsStoredLater() {
        s.ports().fail(initRepo(a), 2, () -> new StrongError("no such directory"));
        s.ports().fail(setRepoError(a), 1, () -> new CommandRejectedException("UNAUTHENTICATED", "token has expired"));
        s.given(a.added(), a.initStarted()).start().then(initRepo(a), setRepoError(a), initRepo(a), setRepoError(a));
    }

    @Test
    void d17_aMessageIsCutAtACharacterBoundary() {
        for (int shift = 0; shift < 4; shift++) {
            String text = "a".repeat(shift) + "\uD83D\uDCC1\u00e9\u4e2d".repeat(40);
            String stored = ErrorText.stored(Instant.parse("2026-01-01T00:00:00Z"), text, 120);
            byte[] bytes = stored.getBytes(StandardCharsets.UTF_8);
            assertThat(bytes.length).isBetween(117, 120);
            assertThat(new String(bytes, StandardCharsets.UTF_8))
                    .isEqualTo(stored)
                    .endsWith("...");
            assertThat("2026-01-01T00:00:00Z " + text).startsWith(stored.substring(0, stored.length() - 3));
        }
    }

    @Test
    void d17_aMessageOfExactlyTheLimitIsNotCut() {
        Instant now = Instant.parse("2026-01-01T00:00:00.999Z");
        String fits = "\u00e9".repeat(49) + "x";
        assertThat(ErrorText.stored(now, fits, 120)).isEqualTo("2026-01-01T00:00:00Z " + fits);
        assertThat(ErrorText.stored(now, fits + "x", 120)).hasSizeLessThan(90).endsWith("...");
    }

    @Test
    void d24_malformedEventsAreSkippedAndReported() {
        s.given(
                        a.inRegistry(RegistryEvent.newBuilder()
                                .setEvent(RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED)
                                .build()),
                        a.inRegistry(RegistryEvent.newBuilder()
                                .setEvent(RegistryEvent.Type.EV_FSO_REPO_ADDED)
                                .build()),
                        a.added(),
                        a.gitlabAccepted(),
                        a.event(repoEvent(RepoEvent.Type.EV_FSO_REPO_MOVE_STARTED)),
                        a.initStarted(),
                        a.shadowCreated(),
                        a.event(repoEvent(RepoEvent.Type.EV_FSO_REPO_MOVED)))
                .start()
                .then(getRepo(a), enable(a));
        assertThat(s.observations(Observation.Malformed.class)).hasSize(5);

        s.when(
                        a.inRegistry(RegistryEvent.newBuilder()
                                .setEvent(RegistryEvent.Type.EV_FSO_REPO_MOVED)
                                .build()),
                        a.event(repoEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVE_STARTED)),
                        a.event(repoEvent(RepoEvent.Type.EV_FSO_SHADOW_REPO_MOVED)),
                        a.event(RepoEvent.newBuilder()
                                .setEvent(RepoEvent.Type.EV_FSO_REPO_INIT_STARTED)
                                .setFsoRepoInitInfo(FsoRepoInitInfo.newBuilder()
                                        .setRegistry("reg")
                                        .setGlobalPath("not/absolute"))
                                .build()),
                        a.gitlabAccepted())
                .then(enableGitlab(a));
        assertThat(s.observations(Observation.Malformed.class)).hasSize(9);
        assertThat(s.observations(Observation.Retrying.class)).isEmpty();
    }

    private static RepoEvent repoEvent(RepoEvent.Type type) {
        return RepoEvent.newBuilder().setEvent(type).build();
    }

    @Test
    void d28_aRepoOfAnotherHostIsAStrongErrorForEveryOperation() {
        try (Scenario hosts = Scenario.builder()
                .config(config -> config.prefix("/own").host("host1"))
                .build()) {
            ScriptedRepo b = hosts.repo("/own/b", "host2");
            ScriptedRepo c = hosts.repo("/own/c", "host2");
            hosts.given(b.added(), b.initStarted(), c.added(), c.initStarted(), c.shadowCreated())
                    .start()
                    .then(setRepoError(b), setRepoError(c));
            assertThat(hosts.registry().storedErrors())
                    .allMatch(text -> text.contains("host host2 is not served here"));
        }
    }

    @Test
    void d28_aRejectedCommandIsStoredAndNotRepeated() {
        s.ports().fail(initRepo(a), 1, () -> new CommandRejectedException("PERMISSION_DENIED", "default deny"));
        s.given(a.added(), a.initStarted()).start().then(initRepo(a), setRepoError(a));
        assertThat(s.registry().state(a.id()).error()).endsWith("default deny");
    }

    @Test
    void d28_rejectedCredentialsAreRetriedBecauseTheyAreNoFaultOfTheRepo() {
        s.ports().fail(initRepo(a), 3, () -> new CommandRejectedException("UNAUTHENTICATED", "token has expired"));
        s.given(a.added(), a.initStarted()).start().then(initRepo(a), initRepo(a), initRepo(a), initRepo(a));
    }

    @Test
    void d28_theClassIsFoundAmongTheCausesStoredFirst() {
        assertThat(Severity.of(new WeakError("w", new StrongError("s", new StoredError("st")))))
                .isEqualTo(Severity.STORED);
        assertThat(Severity.of(new IllegalStateException(new WeakError("w", new StrongError("s")))))
                .isEqualTo(Severity.STRONG);
        assertThat(Severity.of(new IllegalStateException(new WeakError("w")))).isEqualTo(Severity.WEAK);
        assertThat(Severity.of(new IllegalStateException("x"))).isEqualTo(Severity.OTHER);
    }

    @Test
    void d40_retriesBackOffExponentiallyUpToAMinuteWithJitter() {
        List<Instant> attempts = new ArrayList<>();
        s.ports().failAlways(initRepo(a), () -> {
            attempts.add(s.clock().instant());
            return new IllegalStateException("no answer");
        });
        s.given(a.added(), a.initStarted()).start().advance(Duration.ofMinutes(10));
        long nominal = 1000;
        long shortened = 0;
        for (int i = 1; i < 12; i++) {
            long pause = Duration.between(attempts.get(i - 1), attempts.get(i)).toMillis();
            assertThat(pause).as("pause %d", i).isBetween(nominal / 2 - 1, nominal + 1);
            shortened += nominal - pause > nominal / 50 ? 1 : 0;
            nominal = Math.min(60_000, nominal * 2);
        }
        assertThat(shortened).as("pauses that jitter has shortened").isPositive();
        assertThat(Collections.max(s.observations(Observation.Retrying.class).stream()
                        .map(Observation.Retrying::nextRetry)
                        .toList()))
                .isAfter(s.clock().instant());
        assertThat(s.status(a))
                .returns(RepoStatus.State.RETRYING, RepoStatus::state)
                .returns("no answer", RepoStatus::lastError);
        assertThat(s.status(a).nextRetry()).isNotNull();
    }
}
