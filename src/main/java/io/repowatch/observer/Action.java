package io.repowatch.observer;

import io.repowatch.id.Vid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do for a repo.
 *
 * @param operation what to do
 * @param rule the name of the rule that asks for it
 * @param cause the event that caused it; at quiescence the last one of the history
 * @param workflow the move it belongs to, null if none
 */
record Action(
        Operation operation,
        String rule,
        Vid cause,
        @Nullable UUID workflow) {

    static Action of(Operation operation, String rule, Vid cause) {
        return new Action(operation, rule, cause, null);
    }
}
