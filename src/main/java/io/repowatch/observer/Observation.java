package io.repowatch.observer;

import io.repowatch.id.Vid;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something an observer did or noticed; what {@link Observer#watch()} emits. Immutable. */
public sealed interface Observation {

    /** A registry's history was read, and {@code repos} repos in it concern this observer. */
    record RegistryLoaded(String registry, int repos) implements Observation {}

    /** A repo's history was read, and what it asked for is done or stored as an error. */
    record Quiesced(UUID repo) implements Observation {}

    /**
     * An action succeeded.
     *
     * @param repo the repo
     * @param operation what was done
     * @param rule the name of the rule that asked for it
     * @param cause the event that caused it
     */
    record ActionDone(UUID repo, Operation operation, String rule, Vid cause) implements Observation {}

    /**
     * The repo takes requests now; comes in place of {@link ActionDone}.
     *
     * @param repo the repo
     * @param info what the processor was told
     * @param rule the name of the rule that asked for it
     * @param cause the event that caused it
     */
    record Enabled(UUID repo, RepoInfo info, String rule, Vid cause) implements Observation {}

    /**
     * An action failed.
     *
     * @param repo the repo
     * @param operation what was tried
     * @param rule the name of the rule that asked for it
     * @param cause the event that caused it
     * @param message what went wrong
     * @param retried whether it is tried again without anybody's doing
     */
    record ActionFailed(UUID repo, Operation operation, String rule, Vid cause, String message, boolean retried)
            implements Observation {}

    /**
     * A failure was stored on the repo; the repo waits until the error is cleared.
     *
     * @param repo the repo
     * @param text the stored text
     * @param refused whether the registry refused it, which it does when another error is stored already
     */
    record ErrorStored(UUID repo, String text, boolean refused) implements Observation {}

    /**
     * This side's part of a workflow is over.
     *
     * @param workflow the workflow
     * @param part which part of it
     * @param repo the repo it is about, null where it is about none
     * @param aborted whether the workflow ended without having done what it was for
     */
    record WorkflowEnded(
            UUID workflow, WorkflowPart part, @Nullable UUID repo, boolean aborted) implements Observation {}

    /** Work on a repo waits for something outside, as {@code why} says. */
    record Waiting(UUID repo, String why) implements Observation {}

    /** A callback of a stream failed and is called again at {@code nextRetry}. */
    record Retrying(UUID entity, String why, Instant nextRetry) implements Observation {}

    /** An event was skipped because it does not say what its type has to. */
    record Malformed(UUID entity, Vid event, String what) implements Observation {}

    /** The subscriber was too slow: {@code count} observations before the next one were dropped. */
    record Lagged(long count) implements Observation {}

    /** The repo it is about; null where it is about none. */
    default @Nullable UUID repo() {
        return null;
    }
}
