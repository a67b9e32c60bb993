package io.repowatch.service;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.repowatch.wire.nogfso.EphemeralRegistryGrpc;
import io.repowatch.wire.nogfso.RegistryEvent;
import io.repowatch.wire.nogfso.RegistryEventsI;
import io.repowatch.wire.nogfso.RegistryGrpc;
import io.repowatch.wire.nogfso.RegistryWorkflowEventsI;
import io.repowatch.wire.nogfso.RegistryWorkflowIndexEventsI;
import io.repowatch.wire.nogfso.RepoEventsI;
import io.repowatch.wire.nogfso.RepoWorkflowEventsI;
import io.repowatch.wire.nogfso.ReposGrpc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** The events that workflows have left in all streams, in causal order, as in registry specification §5.3: {@code R}, {@code P}, {@code W}, {@code X}. */
final class WorkflowHistory {
    /** S6. */
    static final List<String> MOVE = List.of(
            "R REPO_MOVE_ACCEPTED",
            "P REPO_MOVE_STARTED",
            "W REPO_MOVE_STARTED",
            "W REPO_MOVE_APP_ACCEPTED",
            "W REPO_MOVE_STA_RELEASED",
            "W REPO_MOVED",
            "P REPO_MOVED",
            "R REPO_MOVED",
            "W REPO_MOVE_COMMITTED");

    private final Channel channel;
    private final String registry;
    private final List<RegistryEvent> registryEvents = new ArrayList<>();

    private record Entry(ByteString id, String text) {}

    WorkflowHistory(Channel channel, String registry) {
        this.channel = channel;
        this.registry = registry;
        RegistryGrpc.newBlockingStub(channel)
                .events(RegistryEventsI.newBuilder().setRegistry(registry).build())
                .forEachRemaining(reply -> registryEvents.addAll(reply.getEventsList()));
    }

    /** S8, for a freeze or an unfreeze. */
    static List<String> storage(String name) {
        return List.of(
                "W " + name + "_REPO_STARTED_2",
                "X " + name + "_REPO_STARTED_2",
                "R " + name + "_REPO_STARTED_2",
                "P " + name + "_REPO_STARTED_2",
                "W " + name + "_REPO_FILES_STARTED",
                "W " + name + "_REPO_FILES_COMPLETED",
                "P " + name + "_REPO_COMPLETED_2",
                "R " + name + "_REPO_COMPLETED_2",
                "W " + name + "_REPO_COMPLETED_2",
                "X " + name + "_REPO_COMPLETED_2",
                "W " + name + "_REPO_COMMITTED");
    }

    /** All that a move of a repo has left. */
    List<String> ofMove(UUID repo, UUID workflow) {
        List<Entry> entries = shared(repo, workflow);
        ReposGrpc.newBlockingStub(channel)
                .workflowEvents(RepoWorkflowEventsI.newBuilder()
                        .setRepo(WireText.bytes(repo))
                        .setWorkflow(WireText.bytes(workflow))
                        .build())
                .forEachRemaining(reply -> reply.getEventsList()
                        .forEach(event -> entries.add(
                                entry("W", event.getId(), event.getEvent().name()))));
        return inOrder(entries);
    }

    /** All that a freeze or unfreeze of a repo has left. */
    List<String> ofStorage(UUID repo, UUID workflow) {
        List<Entry> entries = shared(repo, workflow);
        EphemeralRegistryGrpc.EphemeralRegistryBlockingStub stub = EphemeralRegistryGrpc.newBlockingStub(channel);
        stub.registryWorkflowEvents(RegistryWorkflowEventsI.newBuilder()
                        .setRegistry(registry)
                        .setWorkflow(WireText.bytes(workflow))
                        .build())
                .forEachRemaining(reply -> reply.getEventsList()
                        .forEach(event -> entries.add(
                                entry("W", event.getId(), event.getEvent().name()))));
        stub.registryWorkflowIndexEvents(RegistryWorkflowIndexEventsI.newBuilder()
                        .setRegistry(registry)
                        .build())
                .forEachRemaining(reply -> reply.getEventsList().stream()
                        .filter(event -> event.getWorkflowId().equals(WireText.bytes(workflow)))
                        .forEach(event -> entries.add(
                                entry("X", event.getId(), event.getEvent().name()))));
        return inOrder(entries);
    }

    private List<Entry> shared(UUID repo, UUID workflow) {
        ByteString id = WireText.bytes(workflow);
        List<Entry> entries = new ArrayList<>();
        registryEvents.stream()
                .filter(event -> event.getWorkflowId().equals(id))
                .forEach(event ->
                        entries.add(entry("R", event.getId(), event.getEvent().name())));
        ReposGrpc.newBlockingStub(channel)
                .events(RepoEventsI.newBuilder().setRepo(WireText.bytes(repo)).build())
                .forEachRemaining(reply -> reply.getEventsList().stream()
                        .filter(event -> event.getWorkflowId().equals(id))
                        .forEach(event -> entries.add(
                                entry("P", event.getId(), event.getEvent().name()))));
        return entries;
    }

    private static Entry entry(String stream, ByteString id, String type) {
        return new Entry(id, stream + " " + type.replace("EV_FSO_", ""));
    }

    /** The ids of our registry ascend. */
    private static List<String> inOrder(List<Entry> entries) {
        return entries.stream()
                .sorted(Comparator.comparing(Entry::id, ByteString.unsignedLexicographicalComparator()))
                .map(Entry::text)
                .toList();
    }
}
