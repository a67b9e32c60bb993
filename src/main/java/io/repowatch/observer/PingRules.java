package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.id.Vid;
import io.repowatch.observer.PingRules.State;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/** A ping of a registry (storage specification §7.5): answers three times, unless the answers were counted before. */
final class PingRules implements WorkflowRules<State> {
    private static final int ANSWERS = 3;

    private final UUID workflow;

    PingRules(UUID workflow) {
        this.workflow = workflow;
    }

    /** The folded history, and how often this process has answered. */
    record State(Vid tail, boolean started, boolean counted, int answers) {}

    @Override
    public State initial() {
        return new State(Vid.EPOCH, false, false, 0);
    }

    @Override
    public State replayed(State before) {
        return new State(Vid.EPOCH, false, false, before.answers);
    }

    @Override
    public State fold(State s, Event<WorkflowEvent> event) {
        return switch (event.body().getEvent()) {
            case EV_FSO_PING_REGISTRY_STARTED -> new State(event.id(), true, s.counted, s.answers);
            case EV_FSO_SERVER_PINGS_GATHERED, EV_FSO_PING_REGISTRY_COMPLETED, EV_FSO_PING_REGISTRY_COMMITTED ->
                new State(event.id(), s.started, true, s.answers);
            default -> new State(event.id(), s.started, s.counted, s.answers);
        };
    }

    @Override
    public WorkflowAction due(State state) {
        if (state.counted || state.answers >= ANSWERS) {
            return new WorkflowAction(
                    new WorkflowOperation.End(state.answers < ANSWERS, null), "ping.end", state.tail, "nothing");
        }
        return state.started
                ? new WorkflowAction(
                        new WorkflowOperation.Ping(workflow, state.answers == 0),
                        "ping.started",
                        state.tail,
                        "the registry is told that this side is alive")
                : WorkflowAction.waits("ping.wait", state.tail, "the ping's first event is awaited");
    }

    @Override
    public State done(State s, WorkflowOperation operation) {
        return operation instanceof WorkflowOperation.Ping ? new State(s.tail, s.started, s.counted, s.answers + 1) : s;
    }

    /** Counted already: no further answer is wanted. */
    @Override
    public Failed<State> failed(State s, WorkflowOperation operation, Throwable error) {
        boolean late = error instanceof CommandRejectedException rejected
                && rejected.code().equals("FAILED_PRECONDITION");
        return late ? new Failed<>(new State(s.tail, s.started, true, s.answers), false) : new Failed<>(s, true);
    }
}
