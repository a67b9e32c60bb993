package io.repowatch.service;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsO;
import io.repowatch.wire.nogfso.ReposGrpc;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.time.Duration;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the events of a move of a repo, or of its shadow, say so far. For one thread. */
final class RepoWorkflow {
    private @Nullable WorkflowEvent started;
    private @Nullable WorkflowEvent moved;
    private boolean accepted;
    private boolean released;
    private boolean disabled;
    private @Nullable WorkflowEvent end;

    /** When to stop reading. */
    interface Until {
        boolean test(RepoWorkflow workflow);
    }

    /**
     * Reads the events of a workflow as they come, until {@code until} or as long as {@code limit} allows, null for any time.
     * Blocks. The result says what is known then.
     */
    static RepoWorkflow follow(Channel channel, UUID repo, UUID id, @Nullable Duration limit, Until until) {
        ReposGrpc.ReposBlockingStub stub = ReposGrpc.newBlockingStub(channel);
        if (limit != null) {
            stub = stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
        Iterator<RepoWorkflowEventsO> replies = stub.workflowEvents(RepoWorkflowEventsI.newBuilder()
                .setRepo(WireText.bytes(repo))
                .setWorkflow(WireText.bytes(id))
                .setWatch(true)
                .build());
        RepoWorkflow workflow = new RepoWorkflow();
        try {
            while (!until.test(workflow) && replies.hasNext()) {
                replies.next().getEventsList().forEach(workflow::add);
            }
        } catch (StatusRuntimeException e) {
            if (limit == null || e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
                throw e;
            }
        }
        return workflow;
    }

    void add(WorkflowEvent event) {
        switch (event.getEvent()) {
            case EV_FSO_REPO_MOVE_STARTED, EV_FSO_SHADOW_REPO_MOVE_STARTED -> started = event;
            case EV_FSO_REPO_MOVE_APP_ACCEPTED -> accepted = true;
            case EV_FSO_REPO_MOVE_STA_RELEASED -> released = true;
            case EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED -> disabled = true;
            case EV_FSO_REPO_MOVED, EV_FSO_SHADOW_REPO_MOVED -> moved = event;
            case EV_FSO_REPO_MOVE_COMMITTED, EV_FSO_SHADOW_REPO_MOVE_COMMITTED -> end = event;
            default -> {}
        }
    }

    /** Whether any event of it was seen. */
    boolean isKnown() {
        return started != null;
    }

    boolean isOver() {
        return end != null;
    }

    /** Whether the storage host has let the shadow go. */
    boolean isDisabled() {
        return disabled || moved != null;
    }

    /** Whether it ended where it began: the end says so, or for a move of a repo the place where it is then. */
    boolean isAborted() {
        return end != null && (end.getStatusCode() != 0 || isBack());
    }

    private boolean isBack() {
        return started != null
                && moved != null
                && started.hasFsoRepoInitInfo()
                && moved.getFsoRepoInitInfo()
                        .getHostPath()
                        .equals(started.getFsoRepoInitInfo().getHostPath());
    }

    /** Why it was aborted; empty if it was not or nobody said. */
    String message() {
        return end == null ? "" : end.getStatusMessage();
    }

    /** One word: started, accepted, released, moving, disabled, moved, committed or aborted. */
    String state() {
        if (end != null) {
            return isAborted() ? "aborted" : "committed";
        }
        if (moved != null) {
            return "moved";
        }
        if (disabled) {
            return "disabled";
        }
        if (accepted && released) {
            return "moving";
        }
        return released ? "released" : accepted ? "accepted" : started == null ? "unknown" : "started";
    }
}
