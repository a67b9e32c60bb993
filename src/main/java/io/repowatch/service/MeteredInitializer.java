package io.repowatch.service;

import io.repowatch.observer.Initializer;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoMove;
import io.repowatch.observer.RepoState;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Times the operations of an initializer. */
record MeteredInitializer(Initializer initializer, ActionTimers timers) implements Initializer {

    // Answered from memory nearly always.
    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        return initializer.getRepo(state);
    }

    @Override
    public Mono<Void> initRepo(RepoState state) {
        return timers.timed("init", initializer.initRepo(state));
    }

    @Override
    public Mono<Void> enableGitlab(RepoState state) {
        return timers.timed("gitlab", initializer.enableGitlab(state));
    }

    @Override
    public Mono<String> moveRepo(RepoMove move) {
        return timers.timed("move", initializer.moveRepo(move));
    }

    @Override
    public String moveProgress(UUID workflow) {
        return initializer.moveProgress(workflow);
    }
}
