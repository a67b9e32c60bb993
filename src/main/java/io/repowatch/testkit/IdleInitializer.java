package io.repowatch.testkit;

import io.repowatch.observer.Initializer;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoMove;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StrongError;
import reactor.core.publisher.Mono;

/** Answers from the history and makes and moves nothing, so that a script decides what comes next. */
final class IdleInitializer implements Initializer {
    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        return Mono.justOrEmpty(RepoInfo.of(state))
                .switchIfEmpty(Mono.error(() -> new StrongError("repo " + state.id() + " has no shadow")));
    }

    @Override
    public Mono<Void> initRepo(RepoState state) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> enableGitlab(RepoState state) {
        return Mono.empty();
    }

    @Override
    public Mono<String> moveRepo(RepoMove move) {
        return Mono.just("/shadow" + move.newPath() + "/" + move.repo() + ".fso");
    }
}
