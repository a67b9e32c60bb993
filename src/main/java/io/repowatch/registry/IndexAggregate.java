package io.repowatch.registry;

import io.repowatch.id.EntityIds;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/** The index of a registry's workflows (registry specification §3.7). Without any event it is there, and empty. */
enum IndexAggregate implements WorkflowEvents<IndexState> {
    INSTANCE;

    static AggregateRef<IndexState, WorkflowEvent> ref(String registry) {
        return new AggregateRef<>(INSTANCE, EntityIds.workflowIndex(registry));
    }

    @Override
    public String errorPrefix() {
        return "workflow index error: ";
    }

    @Override
    public IndexState initial() {
        return IndexState.INITIAL;
    }

    @Override
    public IndexState evolve(IndexState state, WorkflowEvent event) {
        return switch (event.getEvent()) {
            case EV_SNAPSHOT_BEGIN -> state.forgotten(WireFields.storedVid(event.getParent()));
            case EV_WORKFLOW_INDEX_SNAPSHOT_STATE -> IndexSnapshot.restored(state, event.getWorkflowIndexState());
            case EV_SNAPSHOT_END -> state.renewed();
            default -> evolveEntry(state, event);
        };
    }

    private static IndexState evolveEntry(IndexState state, WorkflowEvent event) {
        IndexedKind kind = IndexedKind.of(event.getEvent());
        if (kind == null) {
            return state;
        }
        UUID workflow = WireFields.stored(event.getWorkflowId());
        Vid workflowEvent = WireFields.storedVid(event.getWorkflowEventId());
        if (event.getEvent() == kind.started()) {
            String path = event.getFsoRepoInitInfo().getGlobalPath();
            Vid listed = WireFields.storedVid(event.getId());
            return state.with(new IndexEntry(kind, workflow, path, workflowEvent, Vid.EPOCH, listed));
        } else if (event.getEvent() == kind.deleted()) {
            return state.without(workflow);
        }
        IndexEntry known = state.entry(workflow);
        return known == null ? state : state.with(known.completed(workflowEvent));
    }
}
