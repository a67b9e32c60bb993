package io.repowatch.observer;

import io.repowatch.engine.Event;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the events of a workflow mean for one part of it (storage specification §1.7, §7 with the corrections of §14). Pure:
 * the same state gives the same action, and nothing is done here. Event types that do not concern the part, unknown ones
 * included, change nothing but the tail (D18). An event may be folded twice.
 *
 * @param <S> the folded history, with what this process has done; immutable
 */
interface WorkflowRules<S> {

    /** The state before the first event. */
    S initial();

    /** The state before the first event of a repeated replay: it keeps what this process has done. */
    default S replayed(S before) {
        return initial();
    }

    /** The state with one more event. */
    S fold(S state, Event<WorkflowEvent> event);

    /** What to do when the stream is quiet. */
    WorkflowAction due(S state);

    /** The state after an operation has succeeded; its event may not have been read yet. */
    default S done(S state, WorkflowOperation operation) {
        return state;
    }

    /** What becomes of a failed operation; by default it is tried again until it succeeds. */
    default Failed<S> failed(S state, WorkflowOperation operation, Throwable error) {
        return new Failed<>(state, true);
    }

    /**
     * The state after a failure.
     *
     * @param state the state
     * @param retried whether what is due now is to be done only after a back-off
     */
    record Failed<S>(S state, boolean retried) {}

    /** What is wrong with an event, null if nothing is (D24). */
    default @Nullable String defect(WorkflowEvent event) {
        return null;
    }

    /** The repo it is about; null if the history does not tell. */
    default @Nullable UUID repo(S state) {
        return null;
    }
}
