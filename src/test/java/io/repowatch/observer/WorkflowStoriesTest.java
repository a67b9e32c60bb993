package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Call.Kind;
import io.repowatch.testkit.Change;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedFreeze;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.testkit.ScriptedShadowMove;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Moves of shadows, freezes and unfreezes with a registry that goes step by step or appends at once, and with a restart between
 * any two steps, during any step, and after every step: the calls are always those of a small model of the tables. S33-S35 of
 * the storage specification §1.8, and §7.2.
 */
class WorkflowStoriesTest {
    private enum Kindof {
        SHADOW,
        FREEZE,
        UNFREEZE
    }

    private record Story(Kindof kind, boolean atomic, boolean slow) {}

    private record Restarts(String name, Set<Integer> after, Set<Integer> during) {}

    /** One thing that happens, and the facts that are true from then on. */
    private record Happening(Set<String> facts, List<Change<?>> changes, boolean resume) {}

    static Stream<Story> stories() {
        return Arrays.stream(Kindof.values())
                .flatMap(kind -> Stream.of(true, false)
                        .flatMap(atomic -> kind == Kindof.SHADOW
                                ? Stream.of(new Story(kind, atomic, false))
                                : Stream.of(new Story(kind, atomic, false), new Story(kind, atomic, true))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void theCallsAreThoseOfTheTable(Story story) {
        int steps = new Run(story, new Restarts("no restart", Set.of(), Set.of())).play();
        Set<Integer> every = Set.copyOf(IntStream.range(0, steps).boxed().toList());
        List<Restarts> all = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            all.add(new Restarts("restart after step " + i, Set.of(i), Set.of()));
            all.add(new Restarts("down during step " + i, Set.of(), Set.of(i)));
        }
        all.add(new Restarts("restart after every step", every, Set.of()));
        all.add(new Restarts("down during every step", Set.of(), every));
        all.forEach(restarts -> new Run(story, restarts).play());
    }

    private static final class Run {
        private final Story story;
        private final Restarts restarts;
        private final Scenario s = Scenario.own("/own");
        private final ScriptedRepo repo = s.repo("/own/a");
        private final Set<String> facts = new HashSet<>();
        private boolean enabled;
        private boolean partRuns;
        private boolean working;
        private boolean hangs;

        Run(Story story, Restarts restarts) {
            this.story = story;
            this.restarts = restarts;
            this.hangs = story.slow();
        }

        private Kind work() {
            return story.kind() == Kindof.FREEZE ? Kind.FREEZE : Kind.UNFREEZE;
        }

        int play() {
            s.registry().atomic(story.atomic());
            s.given(repo.added(), repo.initStarted(), repo.shadowCreated());
            if (story.slow()) {
                s.ports().hang(new Call(work(), repo.id()));
            }
            s.start();
            check("start");
            List<Happening> happenings = story.kind() == Kindof.SHADOW
                    ? shadow(repo.moveShadow(s.workflow()))
                    : freeze(new ScriptedFreeze(repo, s.workflow(), story.kind() == Kindof.FREEZE));
            for (int i = 0; i < happenings.size(); i++) {
                step(i, happenings.get(i));
            }
            assertThat(s.observer().workflows()).as(this::toString).isEmpty();
            assertThat(s.enabled()).as(this::toString).containsOnlyKeys(repo.id());
            s.close();
            return happenings.size();
        }

        private List<Happening> shadow(ScriptedShadowMove move) {
            return story.atomic()
                    ? List.of(
                            happening(Set.of("started", "begun"), move.begin()),
                            happening(Set.of("workflow moved", "moved", "over"), move.end()))
                    : List.of(
                            happening(Set.of("started"), move.started()),
                            happening(Set.of("begun"), move.workflowStarted()),
                            happening(Set.of("workflow moved"), move.workflowMoved()),
                            happening(Set.of("moved"), move.moved()),
                            happening(Set.of("over"), move.committed()));
        }

        private List<Happening> freeze(ScriptedFreeze freeze) {
            List<Happening> all = new ArrayList<>();
            if (story.atomic()) {
                all.add(happening(Set.of("listed", "files"), freeze.begin()));
            } else {
                all.add(happening(Set.of(), freeze.started()));
                all.add(happening(Set.of("listed"), freeze.indexStarted()));
                all.add(happening(Set.of(), freeze.repoStarted()));
                all.add(happening(Set.of("files"), freeze.filesStarted()));
            }
            if (story.slow()) {
                all.add(new Happening(Set.of(), List.of(), true));
            }
            if (!story.atomic()) {
                all.add(happening(Set.of(), freeze.repoCompleted(0)));
                all.add(happening(Set.of(), freeze.completed(0)));
                all.add(happening(Set.of("unlisted"), freeze.indexCompleted()));
                all.add(happening(Set.of(), freeze.committed()));
            }
            return all;
        }

        private static Happening happening(Set<String> facts, Change<?>... changes) {
            return new Happening(facts, List.of(changes), false);
        }

        private void step(int number, Happening happening) {
            boolean down = restarts.during().contains(number);
            if (down) {
                s.crash();
            }
            s.when(happening.changes().toArray(new Change<?>[0]));
            if (happening.resume()) {
                hangs = false;
                s.time().schedule(() -> s.ports().resume(new Call(work(), repo.id())));
            }
            facts.addAll(happening.facts());
            if (down) {
                restart();
            }
            check("step " + number);
            if (restarts.after().contains(number)) {
                restart();
                check("restart after step " + number);
            }
        }

        private void restart() {
            s.restart();
            enabled = false;
            partRuns = false;
            working = false;
        }

        private void check(String where) {
            List<Call> expected = new ArrayList<>();
            int before;
            do {
                before = expected.size();
                if (story.kind() == Kindof.SHADOW) {
                    shadowCalls(expected);
                } else {
                    freezeCalls(expected);
                }
            } while (expected.size() > before);
            try {
                s.then(expected.toArray(new Call[0]));
            } catch (AssertionError e) {
                throw new AssertionError(this + ", " + where + ": " + e.getMessage(), e);
            }
        }

        private void shadowCalls(List<Call> calls) {
            if (!partRuns && is("started") && !is("moved")) {
                add(calls, Kind.DISABLE);
                enabled = false;
                partRuns = true;
            } else if (partRuns && is("begun") && !is("disabled") && !is("workflow moved")) {
                add(calls, Kind.POST_DISABLED);
                facts.add("disabled");
            } else if (partRuns ? is("over") : !enabled) {
                enable(calls);
                partRuns = false;
            }
        }

        private void freezeCalls(List<Call> calls) {
            if (!enabled) {
                enable(calls);
            } else if (is("listed") && is("files") && !is("done") && !working) {
                add(calls, work());
                working = true;
            } else if (working && !hangs) {
                add(calls, work() == Kind.FREEZE ? Kind.COMMIT_FREEZE : Kind.COMMIT_UNFREEZE);
                facts.add("done");
                working = false;
            }
        }

        private boolean is(String fact) {
            return facts.contains(fact);
        }

        private void enable(List<Call> calls) {
            add(calls, Kind.GET_REPO);
            add(calls, Kind.ENABLE);
            enabled = true;
        }

        private void add(List<Call> calls, Kind kind) {
            calls.add(new Call(kind, repo.id()));
        }

        @Override
        public String toString() {
            return story + ", " + restarts.name();
        }
    }
}
