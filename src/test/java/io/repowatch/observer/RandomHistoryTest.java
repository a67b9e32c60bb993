package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedMove;
import io.repowatch.testkit.ScriptedRegistry.Signals;
import io.repowatch.testkit.ScriptedRepo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/**
 * Random histories with lost and duplicated signals, failing reads and ports, and crashes: in the end each repo is enabled
 * exactly as a simple model of the registry says.
 */
class RandomHistoryTest {
    private static final int REPOS = 6;
    private static final int STEPS = 60;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRepoEndsAsTheModelSays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Scenario s = Scenario.builder()
                .config(config -> config.prefix("/own").repoReads(1 + random.nextInt(3)))
                .initializer(ConfirmingInitializer::new)
                .seed(seed)
                .build()) {
            List<Life> lives = new ArrayList<>();
            for (int i = 0; i < REPOS; i++) {
                lives.add(new Life(s, s.repo((random.nextInt(3) == 0 ? "/foreign/r" : "/own/r") + i), random));
            }
            s.registry().atomic(false);
            s.start();
            for (int i = 0; i < STEPS; i++) {
                s.registry().signals(Signals.values()[random.nextInt(3)]);
                lives.get(random.nextInt(REPOS)).step();
                disturb(s, lives, random);
                s.advance(Duration.ofMillis(random.nextInt(3000)));
            }
            lives.forEach(Life::end);
            s.advance(Duration.ofHours(4));
            for (Life life : lives) {
                life.check("seed " + seed);
            }
            assertThat(s.registry().openReads()).as("seed %d", seed).isZero();
        }
    }

    private static void disturb(Scenario s, List<Life> lives, SplittableRandom random) {
        ScriptedRepo repo = lives.get(random.nextInt(REPOS)).repo;
        switch (random.nextInt(12)) {
            case 0 -> s.restart();
            case 1 ->
                s.registry()
                        .failReads(
                                new RepoKey(repo.id()), random.nextInt(3), 1, () -> new IllegalStateException("read"));
            case 2 ->
                s.registry()
                        .failReads(
                                new RegistryKey(Scenario.REGISTRY),
                                random.nextInt(5),
                                2,
                                () -> new IllegalStateException("read"));
            case 3 -> s.ports().fail(Call.initRepo(repo), 2, () -> new WeakError("busy"));
            case 4 -> s.ports().fail(Call.enable(repo), 1, () -> new IllegalStateException("other"));
            case 5 -> s.ports().fail(Call.disable(repo), 1, () -> new IllegalStateException("other"));
            case 6 -> s.registry().signalAll();
            default -> {}
        }
    }

    /** Confirms the shadow as a real initializer does. */
    private record ConfirmingInitializer(RegistryCommands commands) implements Initializer {
        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return Mono.justOrEmpty(RepoInfo.of(state)).switchIfEmpty(Mono.error(() -> new StrongError("no shadow")));
        }

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return commands.confirmShadow(state.id(), "/shadow/" + state.id()).then();
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return commands.confirmGit(state.id(), 7).then();
        }

        @Override
        public Mono<String> moveRepo(RepoMove move) {
            return Mono.just("/shadow" + move.newPath() + "/" + move.repo() + ".fso");
        }
    }

    /** What happens to one repo: what a registry allows, in a random order and at random times. */
    private static final class Life {
        private final Scenario s;
        private final ScriptedRepo repo;
        private final SplittableRandom random;
        private boolean added;
        private String path;
        private UUID move = new UUID(0, 0);
        private String target = "";
        private @Nullable ScriptedMove script;
        private int moveStep;

        Life(Scenario s, ScriptedRepo repo, SplittableRandom random) {
            this.s = s;
            this.repo = repo;
            this.random = random;
            this.path = repo.globalPath();
        }

        void step() {
            RepoState state = s.registry().state(repo.id());
            if (!added) {
                s.when(random.nextBoolean() ? repo.initStarted() : repo.initStartedWithGitlab(), repo.added());
                added = true;
            } else if (moveStep > 0) {
                moveOn();
            } else if (!state.hasShadow() && !path.startsWith("/own")) {
                // Another server makes the shadow of a repo that is not ours.
                s.when(repo.shadowCreated());
            } else {
                act(state);
            }
        }

        private void act(RepoState state) {
            switch (random.nextInt(4)) {
                case 0 -> s.when(state.hasError() ? repo.errorCleared() : repo.errorSet("x"));
                case 1 -> {
                    if (!state.pendingGitlab() && state.gitlabProjectId() == 0) {
                        s.when(repo.gitlabAccepted());
                    }
                }
                default -> {
                    if (state.hasShadow()) {
                        move = s.workflow();
                        target = (random.nextInt(3) == 0 ? "/foreign/" : "/own/") + move.getLeastSignificantBits();
                        script = new ScriptedMove(repo, move, path, target);
                        moveStep = 1;
                        moveOn();
                    }
                }
            }
        }

        /** One step of a move, in the order of the registry specification, section 5.3. */
        private void moveOn() {
            switch (moveStep) {
                case 1 -> s.when(repo.moveAccepted(move, target));
                case 2 -> s.when(repo.moveStarted(move, target));
                case 3 -> s.when(script.workflowStarted());
                case 4 -> s.when(script.appAccepted());
                case 5 -> othersDo();
                case 6 -> s.when(repo.moved(move, target));
                case 7 -> s.when(repo.registryMoved(move, target));
                default -> {
                    s.when(script.committed());
                    path = target;
                    moveStep = -1;
                }
            }
            moveStep++;
        }

        /** What another server does in a move of which only one side is ours. */
        private void othersDo() {
            // Ours have the time that their failures need.
            s.advance(Duration.ofMinutes(10));
            if (!path.startsWith("/own")) {
                s.when(script.released());
                s.advance(Duration.ofMinutes(10));
            }
            if (!target.startsWith("/own")) {
                s.when(script.workflowMoved());
            }
        }

        void end() {
            while (moveStep > 0) {
                moveOn();
            }
        }

        void check(String seed) {
            RepoState state = s.registry().state(repo.id());
            boolean own = added && path.startsWith("/own");
            String life = seed + ", " + state;
            if (own && state.wantsShadow() && !state.hasError()) {
                assertThat(state.hasShadow()).as(life).isTrue();
                assertThat(state.pendingGitlab()).as(life).isFalse();
            }
            Map<UUID, RepoInfo> enabled = s.enabled();
            assertThat(enabled.containsKey(repo.id())).as(life).isEqualTo(own && state.hasShadow());
            if (own && state.hasShadow()) {
                assertThat(s.info(repo).globalPath()).as(life).hasToString(path);
                assertThat(s.info(repo).shadowPath()).as(life).isEqualTo(state.shadowPath());
                assertThat(s.status(repo).state()).as(life).isEqualTo(RepoStatus.State.ENABLED);
            } else if (!own) {
                assertThat(s.observer().state(repo.id())).as(life).isNull();
            }
        }
    }
}
