package io.repowatch.registry;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.List;
import java.util.UUID;

/** One request about a ping that has begun, with the two aggregates that take part. */
final class PingStep {
    private final UnitOfWork unit;
    private final UUID id;
    private final AggregateRef<EphemeralState, WorkflowEvent> workflow;
    private final AggregateRef<IndexState, WorkflowEvent> index;

    PingStep(UnitOfWork unit, String registry, UUID workflow) {
        this.unit = unit;
        this.id = workflow;
        this.workflow = EphemeralAggregate.ref(workflow);
        this.index = IndexAggregate.ref(registry);
    }

    /** What has to be loaded for it. */
    static List<AggregateRef<?, ?>> needs(String registry, UUID workflow) {
        return List.of(EphemeralAggregate.ref(workflow), IndexAggregate.ref(registry));
    }

    PingState state() {
        return (PingState) unit.state(workflow);
    }

    /** Whether the command finds everything as it wants it. */
    boolean isDone(Command<EphemeralState, WorkflowEvent> command) {
        return command.decide(unit.state(workflow)) instanceof Decision.Accepted<WorkflowEvent> accepted
                && accepted.events().isEmpty();
    }

    void expect(ByteString vid) {
        Vid expected = WireFields.expectedVid(vid);
        Vid stored = unit.vid(workflow);
        if (expected != null && !expected.equals(stored)) {
            throw WireFields.rejected(
                    Status.Code.ABORTED,
                    PingCommands.PREFIX + "event journal: version conflict: stored VID " + stored + " != expected VID "
                            + expected);
        }
    }

    Vid perform(Command<EphemeralState, WorkflowEvent> command) {
        return unit.perform(workflow, command);
    }

    /** Ends it, in the index too. */
    void end(boolean expired) {
        if (state().ended()) {
            return;
        }
        Vid completed = perform(new PingCommands.Commit(expired));
        unit.perform(index, new IndexCommands.Commit(IndexedKind.PING, id, completed));
        perform(PingCommands.End.END);
    }

    StorageCalls.Versions versions() {
        return new StorageCalls.Versions(unit.vid(workflow), unit.vid(index));
    }
}
