package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The new side of a move: moves what the old side has let go, and waits until the registry is done with it too. */
class AcquireRules implements WorkflowRules<MoveState> {
    private final MoveState initial;

    AcquireRules(RepoState repo, UUID workflow) {
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
        if (state.committed()) {
            return new WorkflowAction(
                    new WorkflowOperation.End(state.aborted(), state.newPath()),
                    "acquire.end",
                    state.tail(),
                    "nothing");
        }
        RepoMove move = state.move();
        if (state.released() && state.accepted() && !state.moved() && move != null) {
            return new WorkflowAction(
                    new WorkflowOperation.Move(move),
                    "acquire.released",
                    state.tail(),
                    "data and shadow are brought to " + move.newHostPath());
        }
        return WorkflowAction.waits("acquire.wait", state.tail(), waitsFor(state));
    }

    private static String waitsFor(MoveState state) {
        if (!state.started()) {
            return "the move's first event is awaited";
        }
        if (state.moved()) {
            return "the registry has not ended the move";
        }
        if (state.move() == null) {
            return "the move's first event does not say what to move; abort the move";
        }
        return state.accepted() ? "the old side has not let the repo go" : "the application has not accepted the move";
    }

    @Override
    public MoveState done(MoveState state, WorkflowOperation operation) {
        return operation instanceof WorkflowOperation.Move
                ? state.flags(state.accepted(), state.released(), true, state.committed())
                : state;
    }

    @Override
    public @Nullable String defect(WorkflowEvent event) {
        return event.getEvent() == WorkflowEvent.Type.EV_FSO_REPO_MOVE_STARTED ? MoveState.defect(event) : null;
    }

    @Override
    public UUID repo(MoveState state) {
        return state.repo();
    }
}
