package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedPing;
import io.repowatch.testkit.ScriptedRegistry.Signals;
import io.repowatch.testkit.ScriptedRepo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the planner says is what an observer does that is started on the same events. */
class PlannerTest {
    private static final int REPOS = 8;
    private static final int STEPS = 60;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("repowatch.plans", 100));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void thePlanIsWhatTheObserverThenDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Scenario s =
                Scenario.builder().config(PlannerTest::limited).seed(seed).build()) {
            s.registry().signals(Signals.LOSE);
            List<RandomLife> lives = new ArrayList<>();
            for (int i = 0; i < REPOS; i++) {
                String path = (random.nextInt(3) == 0 ? "/foreign/r" : "/own/r") + i;
                lives.add(
                        new RandomLife(s, s.repo(path, random.nextInt(6) == 0 ? "elsewhere" : Scenario.HOST), random));
            }
            for (int i = random.nextInt(STEPS); i > 0; i--) {
                lives.get(random.nextInt(REPOS)).stepAlone();
                s.advance(Duration.ZERO);
            }
            if (random.nextInt(4) == 0) {
                ScriptedPing ping = new ScriptedPing(Scenario.REGISTRY, s.workflow());
                s.given(ping.begin());
                s.ports().hang(Call.serverPing(ping));
            }
            lives.forEach(life -> stopAtTheFirstStepThatLasts(s, life.repo));
            Map<UUID, List<Call.Kind>> plan = planned(s);
            List<UUID> quits = quits(s);
            s.start().advance(Duration.ofSeconds(1));
            assertThat(undoneLast(actual(s))).as("seed %d", seed).isEqualTo(undoneLast(plan));
            assertThat(s.observations(Observation.ActionDone.class).stream()
                            .filter(done -> done.operation() == Operation.QUIT)
                            .map(Observation.ActionDone::repo))
                    .as("activities that end, seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(quits);
        }
    }

    /** A freeze is undone by an activity of its own that waits for nothing, so its place among the repo's own steps is open. */
    private static Map<UUID, List<Call.Kind>> undoneLast(Map<UUID, List<Call.Kind>> calls) {
        calls.values().forEach(kinds -> kinds.sort(Comparator.comparing(Call.Kind.UNDO_FREEZE::equals)));
        return calls;
    }

    /** What comes after it depends on its events, which the planner cannot know. */
    private static void stopAtTheFirstStepThatLasts(Scenario s, ScriptedRepo repo) {
        for (Call.Kind kind : List.of(
                Call.Kind.POST_RELEASED,
                Call.Kind.MOVE_REPO,
                Call.Kind.POST_DISABLED,
                Call.Kind.FREEZE,
                Call.Kind.UNFREEZE,
                Call.Kind.UNDO_FREEZE)) {
            s.ports().hang(new Call(kind, repo.id()));
        }
    }

    private static ObserverConfig.Builder limited(ObserverConfig.Builder config) {
        return config.prefix("/own").hosts(List.of(Scenario.HOST)).repoReads(3);
    }

    private static Iterable<PlannedAction> plan(Scenario s) {
        ObserverConfig config =
                limited(ObserverConfig.builder().registry(Scenario.REGISTRY)).build();
        return new Planner(config, s.registry()).plan().toIterable();
    }

    private static List<UUID> quits(Scenario s) {
        List<UUID> repos = new ArrayList<>();
        plan(s).forEach(action -> {
            if (action.step() == PlannedStep.QUIT) {
                repos.add(action.repo());
            }
        });
        return repos;
    }

    private static Map<UUID, List<Call.Kind>> planned(Scenario s) {
        Map<UUID, List<Call.Kind>> calls = new LinkedHashMap<>();
        plan(s).forEach(action -> calls(action)
                .forEach(kind -> calls.computeIfAbsent(about(action), repo -> new ArrayList<>())
                        .add(kind)));
        return calls;
    }

    private static UUID about(PlannedAction action) {
        return Objects.requireNonNull(action.repo() == null ? action.workflow() : action.repo());
    }

    private static Map<UUID, List<Call.Kind>> actual(Scenario s) {
        Map<UUID, List<Call.Kind>> calls = new LinkedHashMap<>();
        s.ports()
                .calls()
                .forEach(call -> calls.computeIfAbsent(call.repo(), repo -> new ArrayList<>())
                        .add(call.kind()));
        return calls;
    }

    /** The calls of ports that a step consists of. */
    private static Stream<Call.Kind> calls(PlannedAction action) {
        return switch (action.step()) {
            case ENABLE -> Stream.of(Call.Kind.GET_REPO, Call.Kind.ENABLE);
            case DISABLE -> Stream.of(Call.Kind.DISABLE);
            case INIT -> Stream.of(Call.Kind.INIT_REPO);
            case GITLAB -> Stream.of(Call.Kind.ENABLE_GITLAB);
            case STORE_ERROR -> Stream.of(Call.Kind.SET_REPO_ERROR);
            case POST_RELEASED -> Stream.of(Call.Kind.POST_RELEASED);
            case MOVE -> Stream.of(Call.Kind.MOVE_REPO);
            case POST_DISABLED -> Stream.of(Call.Kind.POST_DISABLED);
            case FREEZE -> Stream.of(Call.Kind.FREEZE);
            case UNFREEZE -> Stream.of(Call.Kind.UNFREEZE);
            case PING -> Stream.of(Call.Kind.SERVER_PING);
            case UNDO_FREEZE -> Stream.of(Call.Kind.UNDO_FREEZE);
            case COMMIT_FILES, ABORT_FILES ->
                throw new AssertionError(action + " needs something that this process has done");
            case WAIT, QUIT -> Stream.of();
        };
    }
}
