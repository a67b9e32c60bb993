package io.repowatch.observer;

import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Port: this side's parts of the workflows of a repo. Every operation is cold, completes when the part is done, may be
 * repeated (it starts again from the workflow's history), and is cancelled when the repo's activity is stopped. An error is
 * retried with back-off and never stored on the repo.
 */
public interface WorkflowActivities {

    /** Gives the repo away; it is disabled already. */
    Mono<Void> release(RepoState repo, UUID workflow);

    /** Takes the repo over; completes when the move is committed. */
    Mono<Void> acquire(RepoState repo, UUID workflow);

    /** Lets the shadow be moved; the repo is disabled already. Completes when the move is committed. */
    Mono<Void> moveShadow(RepoState repo, UUID workflow);

    /** What is waited for during a part, in words for an operator. */
    default String waitingFor(Operation part, UUID workflow) {
        return "the " + part + " part of move " + workflow;
    }

    /** Does nothing: a repo that is being moved stays disabled and waits. */
    static WorkflowActivities none() {
        return NoWorkflowActivities.INSTANCE;
    }
}
