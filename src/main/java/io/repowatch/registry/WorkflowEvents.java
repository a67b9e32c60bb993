package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.id.Vid;
import io.repowatch.wire.nogfso.WorkflowEvent;

/** What the aggregates of the ephemeral journal have in common: they store {@link WorkflowEvent}s. */
interface WorkflowEvents<S> extends Aggregate<S, WorkflowEvent> {

    @Override
    default Category category() {
        return Category.EPHEMERAL_WORKFLOW;
    }

    @Override
    default WorkflowEvent parse(byte[] body) throws InvalidProtocolBufferException {
        return WorkflowEvent.parseFrom(body);
    }

    @Override
    default WorkflowEvent identified(WorkflowEvent event, Vid id, Vid parent) {
        return event.toBuilder()
                .setId(WireFields.bytes(id))
                .setParent(WireFields.bytes(parent))
                .build();
    }

    @Override
    default byte[] bytes(WorkflowEvent event) {
        return event.toByteArray();
    }
}
