package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that an observer would do now; what {@link Planner#plan()} emits. Immutable.
 *
 * @param repo the repo
 * @param path where the repo is in the registry's name space, null where its history does not tell
 * @param step what the observer would do
 * @param rule the name of the rule that asks for it, as in {@link Observation}
 * @param cause the event that caused it: the last one of the history that the rule looked at
 * @param workflow the workflow it belongs to, null if none
 * @param lasting whether it changes more than the memory of the process that observes; see {@link PlannedStep#lasting()}
 * @param why what it waits for or what is wrong, in words for an operator; empty where the step says it all
 */
public record PlannedAction(
        UUID repo,
        @Nullable GlobalPath path,
        PlannedStep step,
        String rule,
        Vid cause,
        @Nullable UUID workflow,
        boolean lasting,
        String why) {}
