package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;
import io.repowatch.wire.nogfso.WorkflowIndexState;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** An index as events that repeat it: a beginning, the entries of each kind, an end (registry specification §3.7). */
final class IndexSnapshot {
    /** Of one event; it stays far below what a message may hold. */
    private static final int ENTRIES = 1000;

    private IndexSnapshot() {}

    static List<WorkflowEvent> of(IndexState state) {
        List<WorkflowEvent> events = new ArrayList<>();
        events.add(event(WorkflowEvent.Type.EV_SNAPSHOT_BEGIN).build());
        List<IndexEntry> entries = state.list();
        for (IndexedKind kind : IndexedKind.values()) {
            List<IndexEntry> ofKind = entries.stream()
                    .filter(entry -> entry.kind() == kind)
                    .sorted(Comparator.comparing(entry -> number(entry.started())))
                    .toList();
            for (int from = 0; from < ofKind.size(); from += ENTRIES) {
                events.add(event(WorkflowEvent.Type.EV_WORKFLOW_INDEX_SNAPSHOT_STATE)
                        .setWorkflowIndexState(
                                part(kind, ofKind.subList(from, Math.min(from + ENTRIES, ofKind.size()))))
                        .build());
            }
        }
        events.add(event(WorkflowEvent.Type.EV_SNAPSHOT_END).build());
        return events;
    }

    private static WorkflowEvent.Builder event(WorkflowEvent.Type type) {
        return WorkflowEvent.newBuilder().setEvent(type);
    }

    private static BigInteger number(Vid vid) {
        return new BigInteger(1, vid.toBytes());
    }

    private static WorkflowIndexState part(IndexedKind kind, List<IndexEntry> entries) {
        WorkflowIndexState.Builder part = WorkflowIndexState.newBuilder();
        for (IndexEntry entry : entries) {
            ByteString workflow = WireFields.bytes(entry.workflow());
            ByteString started = WireFields.bytes(entry.started());
            ByteString completed = WireFields.bytes(entry.completed());
            switch (kind) {
                case PING ->
                    part.addPingRegistryBuilder()
                            .setWorkflowId(workflow)
                            .setStartedWorkflowEventId(started)
                            .setCompletedWorkflowEventId(completed);
                case FREEZE ->
                    part.addFreezeRepoBuilder()
                            .setWorkflowId(workflow)
                            .setStartedWorkflowEventId(started)
                            .setCompletedWorkflowEventId(completed)
                            .setGlobalPath(entry.path());
                case UNFREEZE ->
                    part.addUnfreezeRepoBuilder()
                            .setWorkflowId(workflow)
                            .setStartedWorkflowEventId(started)
                            .setCompletedWorkflowEventId(completed)
                            .setGlobalPath(entry.path());
            }
        }
        return part.build();
    }

    /** The state with the entries of one part of a snapshot. */
    static IndexState restored(IndexState state, WorkflowIndexState part) {
        IndexState next = state;
        for (WorkflowIndexState.PingRegistry ping : part.getPingRegistryList()) {
            next = next.with(entry(
                    IndexedKind.PING,
                    ping.getWorkflowId(),
                    "",
                    ping.getStartedWorkflowEventId(),
                    ping.getCompletedWorkflowEventId()));
        }
        for (WorkflowIndexState.FreezeRepo freeze : part.getFreezeRepoList()) {
            next = next.with(entry(
                    IndexedKind.FREEZE,
                    freeze.getWorkflowId(),
                    freeze.getGlobalPath(),
                    freeze.getStartedWorkflowEventId(),
                    freeze.getCompletedWorkflowEventId()));
        }
        for (WorkflowIndexState.UnfreezeRepo unfreeze : part.getUnfreezeRepoList()) {
            next = next.with(entry(
                    IndexedKind.UNFREEZE,
                    unfreeze.getWorkflowId(),
                    unfreeze.getGlobalPath(),
                    unfreeze.getStartedWorkflowEventId(),
                    unfreeze.getCompletedWorkflowEventId()));
        }
        return next;
    }

    private static IndexEntry entry(
            IndexedKind kind, ByteString workflow, String path, ByteString started, ByteString completed) {
        return new IndexEntry(
                kind,
                WireFields.stored(workflow),
                path,
                WireFields.storedVid(started),
                WireFields.storedVid(completed),
                Vid.EPOCH);
    }
}
