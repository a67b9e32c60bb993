package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.observer.MoveShadowRules.State;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/** A move of the shadow: says that the repo is disabled, and waits until the operator has moved the shadow and committed. */
final class MoveShadowRules implements WorkflowRules<State> {
    private final UUID repo;
    private final UUID workflow;

    MoveShadowRules(UUID repo, UUID workflow) {
        this.repo = repo;
        this.workflow = workflow;
    }

    /** The folded history. */
    record State(Vid tail, boolean started, boolean disabled, boolean moved, boolean committed) {}

    @Override
    public State initial() {
        return new State(Vid.EPOCH, false, false, false, false);
    }

    @Override
    public State fold(State s, Event<WorkflowEvent> event) {
        Vid id = event.id();
        return switch (event.body().getEvent()) {
            case EV_FSO_SHADOW_REPO_MOVE_STARTED -> new State(id, true, s.disabled, s.moved, s.committed);
            case EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED -> new State(id, s.started, true, s.moved, s.committed);
            case EV_FSO_SHADOW_REPO_MOVED -> new State(id, s.started, s.disabled, true, s.committed);
            case EV_FSO_SHADOW_REPO_MOVE_COMMITTED -> new State(id, s.started, s.disabled, s.moved, true);
            default -> new State(id, s.started, s.disabled, s.moved, s.committed);
        };
    }

    @Override
    public WorkflowAction due(State state) {
        if (state.committed) {
            return new WorkflowAction(
                    new WorkflowOperation.End(!state.disabled, null), "move-shadow.end", state.tail, "nothing");
        }
        if (state.started && !state.disabled && !state.moved) {
            return new WorkflowAction(
                    new WorkflowOperation.PostDisabled(repo, workflow),
                    "move-shadow.started",
                    state.tail,
                    "the registry is told that the repo is disabled");
        }
        return WorkflowAction.waits("move-shadow.wait", state.tail, waitsFor(state));
    }

    private static String waitsFor(State state) {
        if (!state.started) {
            return "the move's first event is awaited";
        }
        return state.moved
                ? "the registry has not ended the move"
                : "an operator has to move the shadow and then to commit the move";
    }

    @Override
    public State done(State s, WorkflowOperation operation) {
        return operation instanceof WorkflowOperation.PostDisabled
                ? new State(s.tail, s.started, true, s.moved, s.committed)
                : s;
    }

    @Override
    public UUID repo(State state) {
        return repo;
    }
}
