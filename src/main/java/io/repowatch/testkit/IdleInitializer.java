package io.repowatch.testkit;

import io.repowatch.observer.Initializer;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import io.repowatch.observer.StrongError;
import reactor.core.publisher.Mono;

/** Answers from the history and makes nothing, so that a script decides what comes next. */
final class IdleInitializer implements Initializer {
    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        if (state.globalPath() == null || !state.hasShadow()) {
            return Mono.error(new StrongError("repo " + state.id() + " has no shadow"));
        }
        return Mono.just(new RepoInfo(
                state.id(),
                state.tail(),
                state.registry(),
                state.globalPath(),
                state.fileHost(),
                state.hostPath(),
                state.shadowPath(),
                state.gitlabHost().isEmpty() ? null : state.gitlabHost() + ":" + state.gitlabPath()));
    }

    @Override
    public Mono<Void> initRepo(RepoState state) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> enableGitlab(RepoState state) {
        return Mono.empty();
    }
}
