package io.repowatch.observer;

import java.util.UUID;
import reactor.core.publisher.Mono;

/** Waits for ever and says so. */
final class NoWorkflowActivities implements WorkflowActivities {
    static final NoWorkflowActivities INSTANCE = new NoWorkflowActivities();

    private NoWorkflowActivities() {}

    @Override
    public Mono<Void> release(RepoState repo, UUID workflow) {
        return Mono.never();
    }

    @Override
    public Mono<Void> acquire(RepoState repo, UUID workflow) {
        return Mono.never();
    }

    @Override
    public Mono<Void> moveShadow(RepoState repo, UUID workflow) {
        return Mono.never();
    }

    @Override
    public String waitingFor(Operation part, UUID workflow) {
        return "move " + workflow + ": workflow activities are not part of this version";
    }
}
