package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import io.repowatch.id.Vid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an observer does in a workflow, one step, with all that the port needs. Immutable. */
sealed interface WorkflowOperation {

    /** Nothing before the next event. */
    record Wait() implements WorkflowOperation {}

    /**
     * The part is over.
     *
     * @param aborted whether the workflow ended without having done what it was for
     * @param newPath where a move leads, null where it leads nowhere
     */
    record End(boolean aborted, @Nullable GlobalPath newPath) implements WorkflowOperation {}

    /** Says that this side has let the repo go. */
    record PostReleased(UUID repo, UUID workflow) implements WorkflowOperation {}

    /** Brings data and shadow to their new place, and says so. */
    record Move(RepoMove move) implements WorkflowOperation {}

    /** Says that the shadow may be moved. */
    record PostDisabled(UUID repo, UUID workflow) implements WorkflowOperation {}

    /** Waits until the repo is enabled. */
    record AwaitEnabled(UUID repo) implements WorkflowOperation {}

    /** Makes the files immutable. */
    record Freeze(FreezeRequest request) implements WorkflowOperation {}

    /** Makes the files changeable. */
    record Unfreeze(FreezeRequest request) implements WorkflowOperation {}

    /** Gives back what an unfinished freeze took. */
    record Undo(FreezeRequest request) implements WorkflowOperation {}

    /** Says that the files are done; {@code version} is that of the workflow that was acted on. */
    record CommitFiles(boolean freeze, UUID workflow, Vid version) implements WorkflowOperation {}

    /** Says that the files could not be done, and why. */
    record AbortFiles(boolean freeze, UUID workflow, Vid version, String reason) implements WorkflowOperation {}

    /** Says that this side is alive, some time after the last time. */
    record Ping(UUID workflow, boolean first) implements WorkflowOperation {}
}
