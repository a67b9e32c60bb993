package io.repowatch.docs;

// example:start
import static io.repowatch.testkit.Call.enable;
import static io.repowatch.testkit.Call.getRepo;
import static io.repowatch.testkit.Call.initRepo;
import static io.repowatch.testkit.Call.setRepoError;
import static org.assertj.core.api.Assertions.assertThat;

import io.repowatch.observer.Initializer;
import io.repowatch.observer.RegistryCommands;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StrongError;
import io.repowatch.observer.WeakError;
import io.repowatch.testkit.Scenario;
import io.repowatch.testkit.ScriptedRepo;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class TestkitExampleTest {

    /** The initializer under test. The volume behind it is not mounted for the first few attempts. */
    record VolumeInitializer(RegistryCommands registry, AtomicInteger attemptsUntilMounted) implements Initializer {

        @Override
        public Mono<Void> initRepo(RepoState state) {
            return Mono.defer(() -> attemptsUntilMounted.getAndDecrement() > 0
                    ? Mono.error(new WeakError("the volume is not mounted"))
                    : registry.confirmShadow(state.id(), "/shadow/" + state.id())
                            .then());
        }

        @Override
        public Mono<RepoInfo> getRepo(RepoState state) {
            return Mono.justOrEmpty(RepoInfo.of(state))
                    .switchIfEmpty(Mono.error(() -> new StrongError("the repo has no shadow")));
        }

        @Override
        public Mono<Void> enableGitlab(RepoState state) {
            return Mono.error(new StrongError("GitLab is not supported"));
        }
    }

    private static Scenario mountedAfter(int attempts) {
        return Scenario.builder()
                .config(config -> config.prefix("/own"))
                .initializer(registry -> new VolumeInitializer(registry, new AtomicInteger(attempts)))
                .build();
    }

    @Test
    void aVolumeThatComesLateIsWaitedFor() {
        try (Scenario scenario = mountedAfter(2)) {
            ScriptedRepo repo = scenario.repo("/own/a");
            scenario.given(repo.added(), repo.initStarted())
                    .start()
                    .then(initRepo(repo), initRepo(repo), initRepo(repo), getRepo(repo), enable(repo));
            assertThat(scenario.info(repo).shadowPath()).startsWith("/shadow/");
        }
    }

    @Test
    void aVolumeThatNeverComesIsAnErrorUntilSomebodyClearsIt() {
        try (Scenario scenario = mountedAfter(7)) {
            ScriptedRepo repo = scenario.repo("/own/a");
            scenario.given(repo.added(), repo.initStarted())
                    .start()
                    .then(
                            initRepo(repo),
                            initRepo(repo),
                            initRepo(repo),
                            initRepo(repo),
                            initRepo(repo),
                            initRepo(repo),
                            initRepo(repo),
                            setRepoError(repo));
            assertThat(scenario.registry().state(repo.id()).error()).endsWith("the volume is not mounted");

            scenario.when(repo.errorCleared()).then(initRepo(repo), getRepo(repo), enable(repo));
        }
    }
}
// example:end
