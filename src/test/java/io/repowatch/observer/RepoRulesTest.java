package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.testkit.Change;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ladder at quiescence, the live table, and that both agree on every history. */
class RepoRulesTest {
    private static final UUID W = new UUID(9, 1);
    private static final UUID OTHER = new UUID(9, 2);

    private final RepoRules rules = new RepoRules(new Prefixes(List.of("/own/")));
    private final ScriptedRepo a = new ScriptedRepo(new UUID(1, 1), "reg", "/own/a", "host1");
    private final ScriptedRepo f = new ScriptedRepo(new UUID(1, 2), "reg", "/foreign/f", "host1");
    private long lastVid;

    private Event<RepoEvent> event(Change<RepoEvent> change) {
        lastVid++;
        return new Event<>(new Vid(1, lastVid), null, change.body());
    }

    @SafeVarargs
    private RepoView folded(Link link, Change<RepoEvent>... history) {
        RepoView view = RepoRules.initial(a.id(), link);
        for (Change<RepoEvent> change : history) {
            view = rules.fold(view, event(change));
        }
        return view;
    }

    private static List<Operation> operations(List<Action> actions) {
        return actions.stream().map(Action::operation).toList();
    }

    @SafeVarargs
    private List<Operation> quiet(Link link, Change<RepoEvent>... history) {
        return operations(rules.atQuiescence(folded(link, history)));
    }

    private List<Operation> live(RepoView view, Change<RepoEvent> change) {
        Event<RepoEvent> event = event(change);
        return operations(rules.onLive(rules.fold(view, event), event));
    }

    @Test
    void rule1_anExpectedMoveThatIsActiveIsAcquired() {
        assertThat(quiet(new Link.Acquire(W), f.initStarted(), f.shadowCreated(), f.moveStarted(W, "/own/f")))
                .containsExactly(Operation.ACQUIRE);
    }

    @Test
    void rule2_anExpectedMoveThatHasNotStartedIsWaitedFor() {
        assertThat(quiet(new Link.Acquire(W), f.initStarted(), f.shadowCreated()))
                .isEmpty();
        assertThat(quiet(new Link.Acquire(W), a.initStarted(), a.shadowCreated(), a.moveStarted(OTHER, "/own/b")))
                .isEmpty();
    }

    @Test
    void rule3_anActiveMoveOfARepoOfOursIsReleased() {
        assertThat(quiet(Link.FOLLOW, a.initStarted(), a.shadowCreated(), a.moveStarted(W, "/own/b")))
                .containsExactly(Operation.DISABLE, Operation.RELEASE, Operation.QUIT);
    }

    @Test
    void rule3_anAcquireThatIsDoneReleasesTheNextMove() {
        assertThat(quiet(
                        new Link.Acquire(W),
                        f.initStarted(),
                        f.shadowCreated(),
                        f.moveStarted(W, "/own/f"),
                        f.moved(W, "/own/f"),
                        f.moveStarted(OTHER, "/foreign/g")))
                .containsExactly(Operation.DISABLE, Operation.RELEASE, Operation.QUIT);
    }

    @Test
    void rule5_anActiveMoveOfTheShadowIsServed() {
        assertThat(quiet(Link.FOLLOW, a.initStarted(), a.shadowCreated(), a.shadowMoveStarted(W)))
                .containsExactly(Operation.DISABLE, Operation.MOVE_SHADOW);
    }

    @Test
    void rule4_aRepoThatIsElsewhereIsLeftAlthoughItsShadowIsMoved() {
        assertThat(quiet(Link.FOLLOW, f.initStarted(), f.shadowCreated(), f.shadowMoveStarted(W)))
                .containsExactly(Operation.QUIT);
    }

    @Test
    void rule4_aRepoThatIsElsewhereIsLeft() {
        assertThat(quiet(Link.FOLLOW, f.initStarted(), f.shadowCreated())).containsExactly(Operation.QUIT);
        assertThat(quiet(Link.FOLLOW, f.initStarted(), f.shadowCreated(), f.moveStarted(W, "/own/f")))
                .containsExactly(Operation.QUIT);
        assertThat(quiet(
                        new Link.Acquire(W),
                        f.initStarted(),
                        f.shadowCreated(),
                        f.moved(W, "/own/f"),
                        f.moved(OTHER, "/foreign/g")))
                .containsExactly(Operation.QUIT);
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, false, INIT",
        "false, false, true,  ''",
        "false, true,  false, INIT",
        "false, true,  true,  ''",
        "true,  false, false, ENABLE",
        "true,  false, true,  ENABLE",
        "true,  true,  false, ENABLE GITLAB",
        "true,  true,  true,  ENABLE",
    })
    void rule6_whatExistsIsEnabledAndWhatIsPendingIsMadeUnlessAnErrorIsStored(
            boolean shadow, boolean gitlab, boolean error, String expected) {
        List<Change<RepoEvent>> history = new ArrayList<>();
        history.add(gitlab ? a.initStartedWithGitlab() : a.initStarted());
        if (shadow) {
            history.add(a.shadowCreated());
        }
        if (error) {
            history.add(a.errorSet(""));
        }
        RepoView view = RepoRules.initial(a.id(), Link.FOLLOW);
        for (Change<RepoEvent> change : history) {
            view = rules.fold(view, event(change));
        }
        List<Operation> wanted = expected.isEmpty()
                ? List.of()
                : Arrays.stream(expected.split(" ")).map(Operation::valueOf).toList();
        assertThat(operations(rules.atQuiescence(view))).isEqualTo(wanted);
    }

    @Test
    void anEmptyHistoryAsksForNothing() {
        assertThat(quiet(Link.FOLLOW)).isEmpty();
    }

    @Test
    void errorClearedRunsWhatIsPendingInTheOrderInitEnableGitlab() {
        RepoView noShadow = folded(Link.FOLLOW, a.initStartedWithGitlab(), a.errorSet("x"));
        assertThat(live(noShadow, a.errorCleared())).containsExactly(Operation.INIT);
        RepoView withShadow = folded(Link.FOLLOW, a.initStartedWithGitlab(), a.shadowCreated(), a.errorSet("x"));
        assertThat(live(withShadow, a.errorCleared())).containsExactly(Operation.GITLAB);
        assertThat(live(withShadow.withEnableOwed(true), a.errorCleared()))
                .containsExactly(Operation.ENABLE, Operation.GITLAB);
    }

    @Test
    void nothingHappensWhileAnAcquireIsExpected() {
        RepoView waiting = folded(new Link.Acquire(W), f.initStarted(), f.shadowCreated());
        for (Change<RepoEvent> change : List.of(
                f.shadowCreated(),
                f.gitCreated(),
                f.gitlabAccepted(),
                f.errorSet("x"),
                f.errorCleared(),
                f.moveStarted(OTHER, "/foreign/g"),
                f.moved(OTHER, "/foreign/g"),
                f.shadowMoveStarted(OTHER),
                f.shadowMoved(OTHER))) {
            assertThat(live(waiting, change)).as(change.toString()).isEmpty();
        }
        assertThat(live(waiting, f.moveStarted(W, "/own/f"))).containsExactly(Operation.ACQUIRE);
    }

    @Test
    void aRepoElsewhereIsLeftAtItsFirstLiveEventThatSaysSo() {
        assertThat(live(folded(Link.FOLLOW), f.initStarted())).containsExactly(Operation.QUIT);
        assertThat(live(folded(Link.FOLLOW, f.initStarted(), f.shadowCreated()), f.moveStarted(W, "/own/f")))
                .containsExactly(Operation.QUIT);
    }

    @Test
    void whatComesBetweenWhileAMoveIsExpectedOrUnderWayCausesNothing() {
        assertThat(live(folded(new Link.Acquire(W)), f.initStarted())).isEmpty();
        RepoView moving = folded(Link.FOLLOW, a.initStarted(), a.errorSet("e"), a.moveStarted(W, "/own/b"));
        assertThat(live(moving, a.errorCleared())).isEmpty();
        assertThat(live(
                        folded(Link.FOLLOW, a.initStarted(), a.shadowCreated(), a.moveStarted(W, "/own/b")),
                        a.shadowMoveStarted(OTHER)))
                .isEmpty();
    }

    @Test
    void everyActionNamesItsRuleAndTheEventThatCausedIt() {
        RepoView view = folded(Link.FOLLOW, a.initStarted());
        Event<RepoEvent> created = event(a.shadowCreated());
        assertThat(rules.onLive(rules.fold(view, created), created))
                .containsExactly(Action.of(Operation.ENABLE, "live.shadow-created", created.id()));
        assertThat(rules.atQuiescence(view))
                .containsExactly(
                        Action.of(Operation.INIT, "quiet.init", view.repo().tail()));
    }

    /** However a history is divided into replay and live, the repo ends up alike: a restart changes nothing. */
    @Test
    void everyDivisionOfAHistoryEndsAlike() {
        for (long seed = 0; seed < 2000; seed++) {
            List<Event<RepoEvent>> history = randomHistory(new SplittableRandom(seed));
            RepoState end = RepoState.initial(a.id());
            for (Event<RepoEvent> event : history) {
                end = end.after(event);
            }
            boolean model = end.hasShadow() && end.moveShadowWorkflow() == null;
            for (int split = 0; split <= history.size(); split++) {
                assertThat(enabledAtTheEnd(history, split))
                        .as("seed %d, %d of %d events replayed", seed, split, history.size())
                        .isEqualTo(model);
            }
        }
    }

    /** Runs the rules over a history, and tells whether the repo is enabled with what is true at the end. */
    private boolean enabledAtTheEnd(List<Event<RepoEvent>> history, int split) {
        RepoView view = RepoRules.initial(a.id(), Link.FOLLOW);
        for (Event<RepoEvent> event : history.subList(0, split)) {
            view = rules.fold(view, event);
        }
        String enabled = applied("", view, rules.atQuiescence(view));
        for (Event<RepoEvent> event : history.subList(split, history.size())) {
            view = rules.fold(view, event);
            enabled = applied(enabled, view, rules.onLive(view, event));
        }
        return !enabled.isEmpty() && enabled.equals(view.repo().shadowPath());
    }

    private static String applied(String enabled, RepoView view, List<Action> actions) {
        String now = enabled;
        for (Action action : actions) {
            switch (action.operation()) {
                case ENABLE -> now = view.repo().shadowPath();
                case DISABLE -> now = "";
                default -> {}
            }
        }
        return now;
    }

    private List<Event<RepoEvent>> randomHistory(SplittableRandom random) {
        List<Event<RepoEvent>> history = new ArrayList<>();
        history.add(event(random.nextBoolean() ? a.initStarted() : a.initStartedWithGitlab()));
        boolean shadow = false;
        boolean moving = false;
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (!shadow) {
                        history.add(event(a.shadowCreated()));
                        shadow = true;
                    }
                }
                case 1 -> history.add(event(a.errorSet("x")));
                case 2 -> history.add(event(a.errorCleared()));
                case 3 -> history.add(event(a.gitlabAccepted()));
                case 4 -> history.add(event(a.gitCreated()));
                default -> {
                    if (shadow) {
                        history.add(event(moving ? a.shadowMoved(W) : a.shadowMoveStarted(W)));
                        moving = !moving;
                    }
                }
            }
        }
        return history;
    }
}
