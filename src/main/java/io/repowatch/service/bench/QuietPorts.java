package io.repowatch.service.bench;

import io.repowatch.observer.Initializer;
import io.repowatch.observer.Processor;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoState;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Says yes to everything and does nothing: what an observer costs without storage. */
final class QuietPorts implements Initializer, Processor {
    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        return Mono.justOrEmpty(RepoInfo.of(state));
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
    public Mono<Void> enable(RepoInfo info) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> disable(UUID repo) {
        return Mono.empty();
    }
}
