package io.repowatch.observer;

import io.repowatch.engine.EventSource;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What one part of a workflow does after a replay of its history. Immutable.
 *
 * @param rules the rules of the part
 * @param state the folded history
 */
record PartPlan<S>(WorkflowRules<S> rules, S state) {

    static <S> Mono<PartPlan<S>> read(EventSource source, WorkflowKey key, WorkflowRules<S> rules) {
        return source.<WorkflowEvent>read(key, Vid.EPOCH)
                .reduceWith(rules::initial, rules::fold)
                .map(state -> new PartPlan<>(rules, state));
    }

    WorkflowAction due() {
        return rules.due(state);
    }

    /** The repo it is about; null if the history does not tell. */
    @Nullable
    UUID repo() {
        return rules.repo(state);
    }

    /**
     * What is due, null if the part is over.
     *
     * @param repo the repo it is about; null where it is about none, or the repo is not followed
     */
    @Nullable
    PlannedAction planned(UUID workflow, @Nullable RepoPlan repo) {
        WorkflowAction due = due();
        if (due.operation() instanceof WorkflowOperation.AwaitEnabled && repo != null && repo.enables()) {
            due = rules.due(rules.done(state, due.operation()));
        }
        return due.operation() instanceof WorkflowOperation.End
                ? null
                : PlannedAction.of(repo == null ? null : repo.repo(), workflow, due);
    }
}
