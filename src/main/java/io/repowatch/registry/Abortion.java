package io.repowatch.registry;

import io.repowatch.wire.nogfso.GitUser;
import io.repowatch.wire.nogfso.WorkflowEvent;

/**
 * Why a workflow ends before its time, and who says so.
 *
 * @param code 0 if it does not; otherwise one of the status codes of registry specification §5.3
 * @param reason for whoever reads the history
 * @param author who asked for it; without name and email if nobody said
 */
record Abortion(int code, String reason, GitUser author) {
    /** Failed, without a more special code. */
    static final int FAILED = 101;

    static final Abortion NONE = new Abortion(0, "", GitUser.getDefaultInstance());

    /** Notes it in the event that ends the workflow. */
    WorkflowEvent.Builder on(WorkflowEvent.Builder event) {
        event.setStatusCode(code).setStatusMessage(reason);
        return author.equals(GitUser.getDefaultInstance()) ? event : event.setGitAuthor(author);
    }
}
