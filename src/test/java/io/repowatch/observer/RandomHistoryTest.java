package io.repowatch.observer;

import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.testkit.Call;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRegistry.Signals;
import io.repowatch.testkit.ScriptedRepo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
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
            List<RandomLife> lives = new ArrayList<>();
            for (int i = 0; i < REPOS; i++) {
                lives.add(new RandomLife(s, s.repo((random.nextInt(3) == 0 ? "/foreign/r" : "/own/r") + i), random));
            }
            s.registry().atomic(false);
            s.start();
            for (int i = 0; i < STEPS; i++) {
                s.registry().signals(Signals.values()[random.nextInt(3)]);
                lives.get(random.nextInt(REPOS)).step();
                disturb(s, lives, random);
                s.advance(Duration.ofMillis(random.nextInt(3000)));
            }
            lives.forEach(RandomLife::end);
            s.advance(Duration.ofHours(4));
            for (RandomLife life : lives) {
                life.check("seed " + seed);
            }
            assertThat(s.registry().openReads()).as("seed %d", seed).isZero();
        }
    }

    private static void disturb(Scenario s, List<RandomLife> lives, SplittableRandom random) {
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
}
