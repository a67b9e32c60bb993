package io.repowatch.observer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where this side's part of a workflow stands. Immutable.
 *
 * @param workflow the workflow
 * @param part which part of it
 * @param repo the repo it is about; null where it is about none, or its first event was not read yet
 * @param rule the name of the rule that asks for what it does or waits for, empty while its history is being read
 * @param why what it does or waits for, in words for an operator
 * @param since since when
 * @param nextRetry when a failed callback is called again, null if none has failed
 * @param lastError the last failure, null since the last success
 */
public record WorkflowStatus(
        UUID workflow,
        WorkflowPart part,
        @Nullable UUID repo,
        String rule,
        String why,
        Instant since,
        @Nullable Instant nextRetry,
        @Nullable String lastError) {}
