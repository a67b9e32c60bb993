package io.repowatch.observer;

import static io.repowatch.testkit.Call.commitFreeze;
import static io.repowatch.testkit.Call.commitMove;
import static io.repowatch.testkit.Call.disable;
import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.freeze;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.moveRepo;
import static io.repowatch.testkit.Call.postDisabled;
import static io.repowatch.testkit.Call.postReleased;
import static io.repowatch.testkit.Call.serverPing;
import static io.repowatch.testkit.Call.unfreeze;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.repowatch.engine.ActivityFactory;
import io.repowatch.engine.Event;
import io.repowatch.engine.Scope;
import io.repowatch.engine.Step;
import io.repowatch.id.EntityIds;
import io.repowatch.testkit.Call;
import io.repowatch.testkit.Call.Kind;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedFreeze;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedPing;
import io.repowatch.testkit.ScriptedRepo;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * Defects of the original in workflows (storage specification §14): each scenario passes here, and fails where one rule is
 * replaced by the original's.
 */
class WorkflowDefectsTest {
    private static final Makings OURS = new Makings();

    /** A permit is held while something is waited for. */
    private static final Makings HOLDING_PERMITS = new Makings() {
        @Override
        Mono<Step> aside(String why, Mono<Step> outcome) {
            return outcome;
        }
    };

    private static Scenario scenario(Makings makings, UnaryOperator<Scenario.Builder> more) {
        return more.apply(Scenario.builder()
                        .config(config -> config.prefix("/own"))
                        .observer(builder -> builder.makings(makings)))
                .build();
    }

    private static void passesHereAndFailsWith(Makings original, Consumer<Makings> scenario) {
        scenario.accept(OURS);
        assertThatThrownBy(() -> scenario.accept(original)).isInstanceOf(AssertionError.class);
    }

    private static ScriptedRepo enabled(Scenario s, String path) {
        ScriptedRepo repo = s.repo(path);
        s.when(repo.initStarted(), repo.shadowCreated(), repo.added()).then(getRepo(repo), enable(repo));
        return repo;
    }

    @Test
    void d01_theReceivingServerKnowsWhichRepoComes() {
        Makings withoutId = new Makings() {
            @Override
            RegistryRules registryRules(Prefixes prefixes) {
                return new RegistryRules(prefixes) {
                    @Override
                    void fold(Map<UUID, Standing> repos, RegistryEvent event) {
                        Set<UUID> before = Set.copyOf(repos.keySet());
                        super.fold(repos, event);
                        if (event.getEvent() == RegistryEvent.Type.EV_FSO_REPO_MOVE_ACCEPTED) {
                            repos.keySet().retainAll(before);
                            repos.put(EntityIds.NIL, new Standing(true, RepoFold.id(event.getWorkflowId())));
                        }
                    }
                };
            }
        };
        passesHereAndFailsWith(withoutId, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                ScriptedRepo f = s.repo("/foreign/f");
                ScriptedMove in = f.move(s.workflow(), "/own/f");
                s.given(f.added(), f.initStarted(), f.shadowCreated()).given(in.begin());
                s.start().when(in.appAccepted(), in.released());
                s.then(moveRepo(f), commitMove(f), getRepo(f), enable(f));
            }
        });
    }

    /** Every path is taken for one of ours. */
    private static RepoRules withoutPaths(Prefixes prefixes) {
        return new RepoRules(prefixes) {
            @Override
            boolean foreign(RepoState repo) {
                return false;
            }
        };
    }

    @Test
    void d02_theReceivingServerNeverReleasesForTheOther() {
        Makings followsFirst = new Makings() {
            @Override
            RegistryRules registryRules(Prefixes prefixes) {
                return new RegistryRules(prefixes) {
                    @Override
                    void fold(Map<UUID, Standing> repos, RegistryEvent event) {
                        super.fold(repos, event);
                        repos.replaceAll((repo, standing) -> new Standing(true, standing.acquire()));
                    }
                };
            }

            @Override
            RepoRules repoRules(Prefixes prefixes) {
                return withoutPaths(prefixes);
            }
        };
        passesHereAndFailsWith(followsFirst, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                ScriptedRepo f = s.repo("/foreign/f");
                ScriptedMove in = f.move(s.workflow(), "/own/f");
                s.given(f.added(), f.initStarted(), f.shadowCreated()).given(in.begin());
                s.given(in.appAccepted());
                s.start().thenNothing();
            }
        });
    }

    @Test
    void d03_aRestartBetweenTheTwoMovedEventsLeavesNoAcquireBehind() {
        Makings forgetful = new Makings() {
            @Override
            RepoChains chains(Scope scope, BiFunction<RepoChains, Link, ActivityFactory<RepoEvent>> activities) {
                return new RepoChains(scope, activities) {
                    @Override
                    void moveDone(RepoKey key, UUID workflow) {}
                };
            }
        };
        passesHereAndFailsWith(forgetful, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                ScriptedRepo a = s.repo("/own/a");
                ScriptedMove move = a.move(s.workflow(), "/own/b");
                s.given(a.added(), a.initStarted(), a.shadowCreated()).given(move.begin());
                s.given(move.appAccepted(), move.released(), move.workflowMoved(), move.moved());
                s.start().then(getRepo(a), enable(a));
                assertThat(s.observer().why(a.id()))
                        .extracting(WaitReason::kind)
                        .containsExactly(WaitReason.Kind.REPO);
            }
        });
    }

    @Test
    void d04_theOldServerLeavesARepoThatHasMovedAway() {
        Makings anywhere = new Makings() {
            @Override
            RepoRules repoRules(Prefixes prefixes) {
                return withoutPaths(prefixes);
            }
        };
        passesHereAndFailsWith(anywhere, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                ScriptedRepo a = s.repo("/own/a");
                ScriptedMove away = a.move(s.workflow(), "/foreign/a");
                s.given(a.added(), a.initStarted(), a.shadowCreated()).given(away.begin());
                s.given(away.appAccepted(), away.released(), away.workflowMoved(), away.moved());
                s.start().thenNothing();
                assertThat(s.observer().states()).isEmpty();
            }
        });
    }

    @Test
    void d05_d06_movesThatWaitStopNobody() {
        passesHereAndFailsWith(HOLDING_PERMITS, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                s.start();
                List<ScriptedMove> moves = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    moves.add(enabled(s, "/own/r" + i).move(s.workflow(), "/own/new" + i));
                }
                moves.forEach(move -> s.when(move.begin()));
                s.advance(Duration.ofMinutes(1));
                ScriptedRepo z = s.repo("/own/z");
                s.when(z.initStarted(), z.shadowCreated(), z.added()).advance(Duration.ofMinutes(1));
                assertThat(s.enabled()).containsOnlyKeys(z.id());
                moves.forEach(move -> s.when(move.appAccepted()));
                s.advance(Duration.ofMinutes(1));
                assertThat(s.enabled()).hasSize(11);
            }
        });
    }

    @Test
    void d18_anUnknownEventOfAWorkflowDoesNotStopIt() {
        Makings fatal = new Makings() {
            @Override
            WorkflowRules<?> ofRepo(WorkflowPart part, RepoState repo, UUID workflow) {
                return new Strict<>(super.ofRepo(part, repo, workflow));
            }
        };
        passesHereAndFailsWith(fatal, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                s.start();
                ScriptedRepo a = enabled(s, "/own/a");
                ScriptedMove move = a.move(s.workflow(), "/own/b");
                s.when(move.begin()).then(disable(a));
                s.when(move.event(WorkflowEvent.newBuilder().setEventValue(9999).build()));
                s.when(move.appAccepted()).then(postReleased(a), moveRepo(a), commitMove(a), getRepo(a), enable(a));
            }
        });
    }

    /** Rules that cannot read what they do not know. */
    private record Strict<S>(WorkflowRules<S> rules) implements WorkflowRules<S> {
        @Override
        public S initial() {
            return rules.initial();
        }

        @Override
        public S fold(S state, Event<WorkflowEvent> event) {
            if (event.body().getEvent() == WorkflowEvent.Type.UNRECOGNIZED) {
                throw new IllegalStateException("unknown event");
            }
            return rules.fold(state, event);
        }

        @Override
        public WorkflowAction due(S state) {
            return rules.due(state);
        }

        @Override
        public S done(S state, WorkflowOperation operation) {
            return rules.done(state, operation);
        }
    }

    @Test
    void d33_aSlowPingDelaysNoFreeze() {
        Makings oneByOne = new Makings() {
            @Override
            Mono<Step> started(Mono<PartEnd> end) {
                return Step.await("the workflow", end.then(Step.next()));
            }
        };
        passesHereAndFailsWith(oneByOne, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                s.start();
                ScriptedRepo a = enabled(s, "/own/a");
                ScriptedPing ping = new ScriptedPing(Scenario.REGISTRY, s.workflow());
                s.ports().hang(serverPing(ping));
                s.when(ping.begin()).then(serverPing(ping));
                s.when(a.freeze(s.workflow()).begin()).then(freeze(a), commitFreeze(a));
            }
        });
    }

    @Test
    void d34_freezesThatWaitHoldNoPermitAndNotForEver() {
        passesHereAndFailsWith(HOLDING_PERMITS, makings -> {
            try (Scenario s = scenario(makings, builder -> builder)) {
                s.start();
                ScriptedRepo a = enabled(s, "/own/a");
                for (int i = 0; i < 20; i++) {
                    ScriptedRepo repo = s.repo("/own/r" + i);
                    s.when(repo.initStarted(), repo.errorSet("x"), repo.added())
                            .when(repo.freeze(s.workflow()).begin());
                }
                s.advance(Duration.ofSeconds(1));
                s.when(a.freeze(s.workflow()).begin()).advance(Duration.ofSeconds(1));
                assertThat(s.ports().calls()).endsWith(freeze(a), commitFreeze(a));
                s.advance(Duration.ofHours(2));
                assertThat(s.ports().calls().stream().map(Call::kind).filter(Kind.ABORT_FREEZE::equals))
                        .hasSize(20);
            }
        });
    }

    @Test
    void d35_aRepoThatIsDisabledAgainIsWaitedForAgain() {
        theFilesAreLeftAloneWhileTheRepoIsDisabled(new StateBased());
        assertThatThrownBy(() -> theFilesAreLeftAloneWhileTheRepoIsDisabled(new OncePassed()))
                .isInstanceOf(AssertionError.class);
    }

    private static void theFilesAreLeftAloneWhileTheRepoIsDisabled(Processor processor) {
        try (Scenario s = scenario(OURS, builder -> builder.processor(processor))) {
            s.start();
            ScriptedRepo a = enabled(s, "/own/a");
            ScriptedFreeze freeze = a.freeze(s.workflow());
            s.when(freeze.begin()).then(freeze(a), commitFreeze(a));
            s.when(a.moveShadow(s.workflow()).begin()).then(disable(a), postDisabled(a));
            s.when(a.unfreeze(s.workflow()).begin()).thenNothing();
            assertThat(s.ports().calls()).doesNotContain(unfreeze(a));
        }
    }

    /** As a processor is to be: who waits goes on when the repo is enabled, whatever was before. */
    private static class StateBased implements Processor {
        final Set<UUID> enabled = ConcurrentHashMap.newKeySet();

        @Override
        public Mono<Void> enable(RepoInfo info) {
            return Mono.fromRunnable(() -> enabled.add(info.id()));
        }

        @Override
        public Mono<Void> disable(UUID repo) {
            return Mono.fromRunnable(() -> enabled.remove(repo));
        }

        @Override
        public Mono<Void> enabled(UUID repo) {
            return Mono.defer(() -> enabled.contains(repo) ? Mono.empty() : Mono.never());
        }

        @Override
        public Mono<Void> freeze(FreezeRequest request) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> unfreeze(FreezeRequest request) {
            return Mono.empty();
        }
    }

    /** The original's rule: a repo that was waited for once is never waited for again. */
    private static final class OncePassed extends StateBased {
        private final Set<UUID> passed = ConcurrentHashMap.newKeySet();

        @Override
        public Mono<Void> enabled(UUID repo) {
            return Mono.defer(() -> passed.contains(repo) ? Mono.<Void>empty() : super.enabled(repo))
                    .doOnSuccess(nothing -> passed.add(repo));
        }
    }
}
