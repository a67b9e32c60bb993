package io.repowatch.testkit;

import io.repowatch.observer.Initializer;
import io.repowatch.observer.RepoInfo;
import io.repowatch.observer.RepoMove;
import io.repowatch.observer.RepoState;
import io.repowatch.testkit.Call.Kind;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Records the calls of an initializer; the one behind it may do anything. */
final class RecordingInitializer implements Initializer {
    private final PortLog log;
    private final Initializer target;

    RecordingInitializer(PortLog log, Initializer target) {
        this.log = log;
        this.target = target;
    }

    @Override
    public Mono<RepoInfo> getRepo(RepoState state) {
        return log.record(Kind.GET_REPO, state.id(), () -> target.getRepo(state));
    }

    @Override
    public Mono<Void> initRepo(RepoState state) {
        return log.record(Kind.INIT_REPO, state.id(), () -> target.initRepo(state));
    }

    @Override
    public Mono<Void> enableGitlab(RepoState state) {
        return log.record(Kind.ENABLE_GITLAB, state.id(), () -> target.enableGitlab(state));
    }

    @Override
    public Mono<String> moveRepo(RepoMove move) {
        return log.record(Kind.MOVE_REPO, move.repo(), () -> target.moveRepo(move));
    }

    @Override
    public String moveProgress(UUID workflow) {
        return target.moveProgress(workflow);
    }
}
