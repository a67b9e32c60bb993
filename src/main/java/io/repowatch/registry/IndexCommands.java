package io.repowatch.registry;

import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.FsoRepoInitInfo;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/** The commands of the index of workflows (registry specification §3.7). */
final class IndexCommands {
    private static final String UNKNOWN = "unknown workflow";

    private IndexCommands() {}

    /** Lists a workflow; {@code path} is that of its repo, empty if it is not about one. */
    record Begin(IndexedKind kind, UUID workflow, Vid workflowEvent, String path)
            implements Command<IndexState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(IndexState state) {
            if (state.entry(workflow) != null) {
                return Decision.nothing();
            }
            WorkflowEvent.Builder event = event(kind.started(), workflow, workflowEvent);
            if (!path.isEmpty()) {
                event.setFsoRepoInitInfo(FsoRepoInitInfo.newBuilder().setGlobalPath(path));
            }
            return Decision.event(event.build());
        }
    }

    /** The workflow has ended. */
    record Commit(IndexedKind kind, UUID workflow, Vid workflowEvent) implements Command<IndexState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(IndexState state) {
            IndexEntry known = state.entry(workflow);
            if (known == null || known.kind() != kind) {
                return Decision.notFound(UNKNOWN);
            }
            return known.active()
                    ? Decision.event(
                            event(kind.completed(), workflow, workflowEvent).build())
                    : Decision.nothing();
        }
    }

    /** Takes a workflow that has ended out of the index. */
    record Delete(UUID workflow) implements Command<IndexState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(IndexState state) {
            IndexEntry known = state.entry(workflow);
            if (known == null || known.active()) {
                return Decision.notFound(UNKNOWN);
            }
            return Decision.event(WorkflowEvent.newBuilder()
                    .setEvent(known.kind().deleted())
                    .setWorkflowId(WireFields.bytes(workflow))
                    .build());
        }
    }

    /** Repeats what there is, if that saves readers much, so that they may begin there. */
    record Snapshot(IndexSnapshots snapshots) implements Command<IndexState, WorkflowEvent> {
        @Override
        public Decision<WorkflowEvent> decide(IndexState state) {
            return snapshots.wants(state) ? new Decision.Accepted<>(IndexSnapshot.of(state)) : Decision.nothing();
        }
    }

    private static WorkflowEvent.Builder event(WorkflowEvent.Type type, UUID workflow, Vid workflowEvent) {
        return WorkflowEvent.newBuilder()
                .setEvent(type)
                .setWorkflowId(WireFields.bytes(workflow))
                .setWorkflowEventId(WireFields.bytes(workflowEvent));
    }
}
