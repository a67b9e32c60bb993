package io.repowatch.observer;

import com.google.protobuf.ByteString;
import io.repowatch.id.GlobalPath;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.nogfso.WorkflowIndexState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What each event of a registry's index of workflows means (storage specification §7.1). Pure. Kinds of workflows that are not
 * served here are passed over.
 */
final class IndexRules {
    private final Prefixes prefixes;

    IndexRules(Prefixes prefixes) {
        this.prefixes = prefixes;
    }

    /** A workflow that has started and not ended, and concerns us. */
    record Entry(WorkflowPart part, UUID workflow) {}

    /** Folds one event of the history into {@code active}; a malformed one changes nothing. */
    void fold(ActiveWorkflows active, WorkflowEvent event) {
        switch (event.getEvent()) {
            case EV_SNAPSHOT_BEGIN -> active.beginSnapshot();
            case EV_SNAPSHOT_END -> active.endSnapshot();
            case EV_WORKFLOW_INDEX_SNAPSHOT_STATE -> snapshot(active, event.getWorkflowIndexState());
            default -> {
                Entry started = started(event);
                if (started != null) {
                    active.add(started);
                }
                UUID ended = ended(event);
                if (ended != null) {
                    active.remove(ended);
                }
            }
        }
    }

    private void snapshot(ActiveWorkflows active, WorkflowIndexState state) {
        state.getPingRegistryList()
                .forEach(p -> add(active, WorkflowPart.PING, p.getWorkflowId(), p.getCompletedWorkflowEventId(), "/"));
        state.getFreezeRepoList()
                .forEach(f -> add(
                        active,
                        WorkflowPart.FREEZE,
                        f.getWorkflowId(),
                        f.getCompletedWorkflowEventId(),
                        f.getGlobalPath()));
        state.getUnfreezeRepoList()
                .forEach(u -> add(
                        active,
                        WorkflowPart.UNFREEZE,
                        u.getWorkflowId(),
                        u.getCompletedWorkflowEventId(),
                        u.getGlobalPath()));
    }

    private void add(
            ActiveWorkflows active, WorkflowPart part, ByteString workflow, ByteString completed, String path) {
        UUID id = RepoFold.id(workflow);
        if (id != null && isZero(completed) && concerns(part, path)) {
            active.add(new Entry(part, id));
        }
    }

    private static boolean isZero(ByteString id) {
        for (byte each : id) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /** The workflow that an event starts, null if it starts none that concerns us. */
    @Nullable
    Entry started(WorkflowEvent event) {
        WorkflowPart part = switch (event.getEvent()) {
            case EV_FSO_PING_REGISTRY_STARTED -> WorkflowPart.PING;
            case EV_FSO_FREEZE_REPO_STARTED_2 -> WorkflowPart.FREEZE;
            case EV_FSO_UNFREEZE_REPO_STARTED_2 -> WorkflowPart.UNFREEZE;
            default -> null;
        };
        UUID workflow = RepoFold.id(event.getWorkflowId());
        return part == null
                        || workflow == null
                        || !concerns(part, event.getFsoRepoInitInfo().getGlobalPath())
                ? null
                : new Entry(part, workflow);
    }

    private static @Nullable UUID ended(WorkflowEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_PING_REGISTRY_COMPLETED,
                    EV_FSO_FREEZE_REPO_COMPLETED_2,
                    EV_FSO_UNFREEZE_REPO_COMPLETED_2,
                    EV_FSO_PING_REGISTRY_DELETED,
                    EV_FSO_FREEZE_REPO_DELETED,
                    EV_FSO_UNFREEZE_REPO_DELETED -> RepoFold.id(event.getWorkflowId());
            default -> null;
        };
    }

    private boolean concerns(WorkflowPart part, String path) {
        GlobalPath parsed = RepoFold.path(path);
        return part == WorkflowPart.PING || parsed != null && prefixes.own(parsed);
    }

    /** What is wrong with an event, null if nothing is. */
    static @Nullable String defect(WorkflowEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_PING_REGISTRY_STARTED -> workflowDefect(event);
            case EV_FSO_FREEZE_REPO_STARTED_2, EV_FSO_UNFREEZE_REPO_STARTED_2 ->
                RepoFold.path(event.getFsoRepoInitInfo().getGlobalPath()) == null
                        ? "it names no global path"
                        : workflowDefect(event);
            default -> null;
        };
    }

    private static @Nullable String workflowDefect(WorkflowEvent event) {
        return RepoFold.id(event.getWorkflowId()) == null ? "it names no workflow" : null;
    }
}
