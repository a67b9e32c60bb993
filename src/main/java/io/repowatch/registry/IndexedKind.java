package io.repowatch.registry;

import io.repowatch.wire.nogfso.WorkflowEvent;
import org.jspecify.annotations.Nullable;

/** The kinds of workflows in an index, with the events that the index has of each. */
enum IndexedKind {
    PING(
            WorkflowEvent.Type.EV_FSO_PING_REGISTRY_STARTED,
            WorkflowEvent.Type.EV_FSO_PING_REGISTRY_COMPLETED,
            WorkflowEvent.Type.EV_FSO_PING_REGISTRY_DELETED),
    FREEZE(
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_STARTED_2,
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_COMPLETED_2,
            WorkflowEvent.Type.EV_FSO_FREEZE_REPO_DELETED),
    UNFREEZE(
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_STARTED_2,
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_COMPLETED_2,
            WorkflowEvent.Type.EV_FSO_UNFREEZE_REPO_DELETED);

    private final WorkflowEvent.Type started;
    private final WorkflowEvent.Type completed;
    private final WorkflowEvent.Type deleted;

    IndexedKind(WorkflowEvent.Type started, WorkflowEvent.Type completed, WorkflowEvent.Type deleted) {
        this.started = started;
        this.completed = completed;
        this.deleted = deleted;
    }

    static IndexedKind of(StorageChange change) {
        return switch (change) {
            case FREEZE -> FREEZE;
            case UNFREEZE -> UNFREEZE;
        };
    }

    /** The kind that an event of an index is about; null if it is about none of these. */
    static @Nullable IndexedKind of(WorkflowEvent.Type type) {
        for (IndexedKind kind : values()) {
            if (kind.started == type || kind.completed == type || kind.deleted == type) {
                return kind;
            }
        }
        return null;
    }

    WorkflowEvent.Type started() {
        return started;
    }

    WorkflowEvent.Type completed() {
        return completed;
    }

    WorkflowEvent.Type deleted() {
        return deleted;
    }
}
