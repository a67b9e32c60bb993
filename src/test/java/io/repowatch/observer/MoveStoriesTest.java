package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.observer.MoveModel.Fact;
import io.repowatch.testkit.Call;
import io.repowatch.testkit.Change;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRepo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every move of the storage specification §1.8, with one server or two that know nothing of each other, with a registry that
 * goes step by step or appends at once, and with a restart of each observer between any two steps, during any step, and after
 * every step: the calls are always those of {@link MoveModel}. S12, S15, S17, S21-S28, S56 and what lies between them.
 */
class MoveStoriesTest {
    private static final String OWN = "/own";
    private static final String OTHER = "/other";

    /** Who takes part, and how the registry appends. */
    private record Story(String from, String to, boolean atomic, boolean slowMove, List<String> servers) {
        @Override
        public String toString() {
            return from + " to " + to + ", served " + servers + (atomic ? ", at once" : ", step by step")
                    + (slowMove ? ", slow" : "");
        }
    }

    /** When the observer of a server is restarted. */
    private record Restarts(String name, Set<Integer> after, Set<Integer> during) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Story> stories() {
        List<Story> stories = new ArrayList<>();
        for (boolean atomic : new boolean[] {true, false}) {
            for (boolean slow : new boolean[] {true, false}) {
                stories.add(new Story("/own/a", "/own/b", atomic, slow, List.of(OWN)));
                stories.add(new Story("/own/a", "/own/a", atomic, slow, List.of(OWN)));
                stories.add(new Story("/own/a", "/other/b", atomic, slow, List.of(OWN, OTHER)));
            }
            stories.add(new Story("/own/a", "/foreign/b", atomic, false, List.of(OWN)));
            stories.add(new Story("/foreign/a", "/own/b", atomic, false, List.of(OWN)));
        }
        return stories.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void theCallsAreThoseOfTheTable(Story story) {
        int steps = run(story, new Restarts("no restart", Set.of(), Set.of()));
        List<Restarts> all = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            all.add(new Restarts("restart after step " + i, Set.of(i), Set.of()));
            all.add(new Restarts("down during step " + i, Set.of(), Set.of(i)));
        }
        Set<Integer> every = Set.copyOf(IntStream.range(0, steps).boxed().toList());
        all.add(new Restarts("restart after every step", every, Set.of()));
        all.add(new Restarts("down during every step", Set.of(), every));
        all.forEach(restarts -> run(story, restarts));
    }

    private static int run(Story story, Restarts restarts) {
        try (Run run = new Run(story, restarts)) {
            return run.play();
        }
    }

    /** One way through a story. */
    private static final class Run implements AutoCloseable {
        private final Story story;
        private final Restarts restarts;
        private final Scenario s;
        private final List<Scenario> scenarios = new ArrayList<>();
        private final List<MoveModel> models = new ArrayList<>();
        private final ScriptedMove move;
        private final Set<Fact> facts = MoveModel.nothing();
        private int steps;

        Run(Story story, Restarts restarts) {
            this.story = story;
            this.restarts = restarts;
            s = Scenario.own(story.servers().get(0));
            scenarios.add(s);
            story.servers().stream().skip(1).map(s::peer).forEach(scenarios::add);
            ScriptedRepo repo = s.repo(story.from());
            move = repo.move(s.workflow(), story.to());
            s.registry().atomic(story.atomic());
            s.given(repo.added(), repo.initStarted(), repo.shadowCreated());
            for (String prefix : story.servers()) {
                MoveModel model = new MoveModel(move, prefix, story.atomic(), facts);
                model.moveHangs = story.slowMove();
                models.add(model);
            }
            if (story.slowMove()) {
                s.ports().hang(Call.moveRepo(repo));
            }
        }

        int play() {
            scenarios.forEach(Scenario::start);
            models.forEach(MoveModel::start);
            check("start");
            boolean fromHere = served(story.from());
            boolean toHere = served(story.to());
            if (story.atomic()) {
                step(List.of(Fact.ACCEPTED, Fact.STARTED, Fact.WORKFLOW_STARTED), move.begin());
            } else {
                step(Fact.ACCEPTED, move.accepted());
                step(Fact.STARTED, move.started());
                step(Fact.WORKFLOW_STARTED, move.workflowStarted());
            }
            step(Fact.APP_ACCEPTED, move.appAccepted());
            if (!fromHere) {
                step(Fact.RELEASED, move.released());
            }
            if (story.slowMove()) {
                step(List.of(), () -> {
                    models.forEach(model -> model.moveHangs = false);
                    s.time().schedule(() -> s.ports().resume(Call.moveRepo(move.repo())));
                });
            }
            if (!toHere) {
                endElsewhere();
            } else if (!story.atomic()) {
                end();
            }
            assertThat(scenarios.stream().flatMap(each -> each.observer().workflows().stream()))
                    .as(this::toString)
                    .isEmpty();
            assertThat(scenarios.stream()
                            .mapToInt(each -> each.enabled().size())
                            .sum())
                    .as(this::toString)
                    .isEqualTo(toHere ? 1 : 0);
            return steps;
        }

        private boolean served(String path) {
            return story.servers().stream().anyMatch(path::startsWith);
        }

        private void endElsewhere() {
            if (story.atomic()) {
                step(List.of(Fact.WORKFLOW_MOVED, Fact.MOVED, Fact.REGISTRY_MOVED, Fact.COMMITTED), move.end());
            } else {
                step(Fact.WORKFLOW_MOVED, move.workflowMoved());
                end();
            }
        }

        private void end() {
            step(Fact.MOVED, move.moved());
            step(Fact.REGISTRY_MOVED, move.registryMoved());
            step(Fact.COMMITTED, move.committed());
        }

        private void step(Fact fact, Change<?> change) {
            step(List.of(fact), new Change<?>[] {change});
        }

        private void step(List<Fact> now, Change<?>[] changes) {
            step(now, () -> s.when(changes));
        }

        private void step(List<Fact> now, Runnable what) {
            boolean down = restarts.during().contains(steps);
            if (down) {
                scenarios.forEach(Scenario::crash);
                models.forEach(MoveModel::crash);
            }
            what.run();
            facts.addAll(now);
            if (down) {
                restart();
            }
            check("step " + steps + " " + now);
            if (restarts.after().contains(steps)) {
                restart();
                check("restart after step " + steps);
            }
            steps++;
        }

        private void restart() {
            scenarios.forEach(Scenario::restart);
            models.forEach(MoveModel::start);
        }

        private void check(String where) {
            List<Call> expected = new ArrayList<>();
            int before;
            do {
                before = expected.size();
                models.forEach(model -> expected.addAll(model.calls()));
            } while (expected.size() > before);
            try {
                s.then(expected.toArray(new Call[0]));
            } catch (AssertionError e) {
                throw new AssertionError(this + ", " + where + ": " + e.getMessage(), e);
            }
        }

        @Override
        public String toString() {
            return story + ", " + restarts;
        }

        @Override
        public void close() {
            for (int i = scenarios.size() - 1; i >= 0; i--) {
                scenarios.get(i).close();
            }
        }
    }
}
