package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * The old side of a move: lets the repo go when the application has accepted. Over when it has, or when the move was given up
 * before.
 */
final class ReleaseRules implements WorkflowRules<MoveState> {
    private final MoveState initial;

    ReleaseRules(RepoState repo, UUID workflow) {
        initial = MoveState.initial(repo.id(), workflow, repo.registry());
    }

    @Override
    public MoveState initial() {
        return initial;
    }

    @Override
    public MoveState fold(MoveState state, Event<WorkflowEvent> event) {
        return state.after(event);
    }

    @Override
    public WorkflowAction due(MoveState state) {
        if (state.released() || state.aborted()) {
            return new WorkflowAction(
                    new WorkflowOperation.End(state.aborted(), state.newPath()),
                    "release.end",
                    state.tail(),
                    "nothing");
        }
        if (state.accepted()) {
            return new WorkflowAction(
                    new WorkflowOperation.PostReleased(state.repo(), state.workflow()),
                    "release.accepted",
                    state.tail(),
                    "the registry is told that the repo was let go");
        }
        return WorkflowAction.waits(
                "release.wait",
                state.tail(),
                state.started() ? "the application has not accepted the move" : "the move's first event is awaited");
    }

    @Override
    public MoveState done(MoveState state, WorkflowOperation operation) {
        return operation instanceof WorkflowOperation.PostReleased
                ? state.flags(state.accepted(), true, state.moved(), state.committed())
                : state;
    }

    @Override
    public UUID repo(MoveState state) {
        return state.repo();
    }
}
