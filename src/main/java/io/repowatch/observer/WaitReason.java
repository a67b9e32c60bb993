package io.repowatch.observer;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One step of the way from a repo to what it waits for in the end. Immutable.
 *
 * @param kind what kind of step
 * @param workflow the workflow; null for {@link Kind#REPO}, and for a link without one
 * @param part which part of the workflow; null where it is none
 * @param why what it does or waits for, in words for an operator
 * @param since since when; null for a link that has not begun
 * @param nextRetry when a failed callback is called again, null if none has failed
 * @param lastError the stored error, or the last failure, null if there is none
 */
public record WaitReason(
        Kind kind,
        @Nullable UUID workflow,
        @Nullable WorkflowPart part,
        String why,
        @Nullable Instant since,
        @Nullable Instant nextRetry,
        @Nullable String lastError) {

    /** What a step is about. */
    public enum Kind {
        /** The repo's activity; first, if the repo is followed. */
        REPO,
        /** A part of a workflow of the repo that runs now. */
        WORKFLOW,
        /** A link of the repo's chain that begins when those before have ended. */
        LINK
    }

    static WaitReason of(RepoStatus repo) {
        return new WaitReason(Kind.REPO, null, null, repo.why(), repo.since(), repo.nextRetry(), repo.lastError());
    }

    static WaitReason of(WorkflowStatus status) {
        return new WaitReason(
                Kind.WORKFLOW,
                status.workflow(),
                status.part(),
                status.why(),
                status.since(),
                status.nextRetry(),
                status.lastError());
    }

    static WaitReason queued(Link link) {
        return link instanceof Link.Acquire acquire
                ? new WaitReason(
                        Kind.LINK,
                        acquire.workflow(),
                        WorkflowPart.ACQUIRE,
                        "begins when the activity before it has let the repo go",
                        null,
                        null,
                        null)
                : new WaitReason(
                        Kind.LINK, null, null, "begins when the activity before it has ended", null, null, null);
    }
}
