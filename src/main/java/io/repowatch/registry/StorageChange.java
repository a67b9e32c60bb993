package io.repowatch.registry;

import io.repowatch.wire.nogfso.GetRepoO.StorageTierCode;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RepoEvent;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The two workflows that change the storage tier of a repo, freeze and unfreeze: one machine with other words (registry
 * specification §3.2.2 and §3.6). Registry, repo and workflow events of one meaning have the same number.
 */
enum StorageChange {
    FREEZE(
            "freeze",
            Set.of(StorageTierCode.ST_ONLINE, StorageTierCode.ST_FREEZE_FAILED),
            StorageTierCode.ST_FREEZING,
            StorageTierCode.ST_FROZEN,
            StorageTierCode.ST_FREEZE_FAILED,
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2,
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_FILES_STARTED,
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_FILES_COMPLETED,
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2,
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_COMMITTED),
    UNFREEZE(
            "unfreeze",
            Set.of(StorageTierCode.ST_FROZEN, StorageTierCode.ST_UNFREEZE_FAILED),
            StorageTierCode.ST_UNFREEZING,
            StorageTierCode.ST_ONLINE,
            StorageTierCode.ST_UNFREEZE_FAILED,
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_STARTED_2,
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_FILES_STARTED,
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_FILES_COMPLETED,
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_COMPLETED_2,
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_COMMITTED);

    /** What an aggregate is to do about a step of the workflow. */
    enum Answer {
        /** Note it. */
        CHANGE,
        /** Nothing: it is noted already. */
        NOTHING,
        /** Refuse: another workflow has the repo, or none may. */
        CONFLICT
    }

    private final String verb;
    private final Set<StorageTierCode> from;
    private final StorageTierCode running;
    private final StorageTierCode done;
    private final StorageTierCode failed;
    private final WorkflowEvent.Type started;
    private final WorkflowEvent.Type filesStarted;
    private final WorkflowEvent.Type filesCompleted;
    private final WorkflowEvent.Type completed;
    private final WorkflowEvent.Type committed;

    StorageChange(
            String verb,
            Set<StorageTierCode> from,
            StorageTierCode running,
            StorageTierCode done,
            StorageTierCode failed,
            WorkflowEvent.Type started,
            WorkflowEvent.Type filesStarted,
            WorkflowEvent.Type filesCompleted,
            WorkflowEvent.Type completed,
            WorkflowEvent.Type committed) {
        this.verb = verb;
        this.from = from;
        this.running = running;
        this.done = done;
        this.failed = failed;
        this.started = started;
        this.filesStarted = filesStarted;
        this.filesCompleted = filesCompleted;
        this.completed = completed;
        this.committed = committed;
    }

    /** The change whose workflow begins with this event; null if none does. */
    static @Nullable StorageChange startedBy(WorkflowEvent.Type type) {
        for (StorageChange change : values()) {
            if (change.started == type) {
                return change;
            }
        }
        return null;
    }

    /** What to do when it begins. */
    Answer begin(StorageTierCode tier, @Nullable UUID last, UUID workflow) {
        if (from.contains(tier)) {
            return Answer.CHANGE;
        }
        return tier == running && workflow.equals(last) ? Answer.NOTHING : Answer.CONFLICT;
    }

    /** What to do when it ends, well or not. */
    Answer end(StorageTierCode tier, @Nullable UUID last, UUID workflow, boolean ok) {
        if (!workflow.equals(last)) {
            return Answer.CONFLICT;
        }
        if (tier == running) {
            return Answer.CHANGE;
        }
        return tier == (ok ? done : failed) ? Answer.NOTHING : Answer.CONFLICT;
    }

    /** Whether it may begin in this tier. */
    boolean mayBegin(StorageTierCode tier) {
        return from.contains(tier);
    }

    /** Whether the tier says that this change has failed before. */
    boolean hasFailed(StorageTierCode tier) {
        return tier == failed;
    }

    String verb() {
        return verb;
    }

    String gerund() {
        return this == FREEZE ? "freezing" : "unfreezing";
    }

    /** What the refusals of the workflow begin with. */
    String errorPrefix() {
        return verb + "-repo workflow: ";
    }

    /** What a requester has to be allowed. */
    String requestAction() {
        return "fso/" + verb + "-repo";
    }

    /** What whoever carries it out has to be allowed. */
    String executeAction() {
        return "fso/exec-" + verb + "-repo";
    }

    WorkflowEvent.Type started() {
        return started;
    }

    WorkflowEvent.Type filesStarted() {
        return filesStarted;
    }

    WorkflowEvent.Type filesCompleted() {
        return filesCompleted;
    }

    WorkflowEvent.Type completed() {
        return completed;
    }

    WorkflowEvent.Type committed() {
        return committed;
    }

    RegistryEvent.Type registryStarted() {
        return RegistryEvent.Type.forNumber(started.getNumber());
    }

    RegistryEvent.Type registryCompleted() {
        return RegistryEvent.Type.forNumber(completed.getNumber());
    }

    RepoEvent.Type repoStarted() {
        return RepoEvent.Type.forNumber(started.getNumber());
    }

    RepoEvent.Type repoCompleted() {
        return RepoEvent.Type.forNumber(completed.getNumber());
    }
}
