package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.id.Vid;
import io.repowatch.registry.MoveState.MoveRepo;
import io.repowatch.registry.MoveState.MoveShadow;
import io.repowatch.wire.nogfso.WorkflowEvent;
import java.util.UUID;

/**
 * The durable workflows (registry specification §3.4, §3.5): one aggregate for both kinds, so that an id that names a workflow
 * of the other kind is a state to decide on and not a history that cannot be loaded (defect W13).
 */
enum MoveAggregate implements Aggregate<MoveState, WorkflowEvent> {
    INSTANCE;

    /** What is said of an id that names nothing; clients know it with the prefix. */
    static final String UNINITIALIZED = "workflow uninitialized";

    static AggregateRef<MoveState, WorkflowEvent> ref(UUID workflow) {
        return new AggregateRef<>(INSTANCE, workflow);
    }

    @Override
    public Category category() {
        return Category.WORKFLOW;
    }

    /** Refusals of these workflows have always been bare. */
    @Override
    public String errorPrefix() {
        return "";
    }

    @Override
    public MoveState initial() {
        return MoveState.None.NONE;
    }

    @Override
    public MoveState evolve(MoveState state, WorkflowEvent event) {
        if (state instanceof MoveRepo move) {
            return evolveRepo(move, event);
        }
        return state instanceof MoveShadow move ? evolveShadow(move, event) : begun(event);
    }

    private static MoveState begun(WorkflowEvent event) {
        UUID repo = WireFields.stored(event.getRepoId());
        Vid repoEvent = WireFields.storedVid(event.getRepoEventId());
        return switch (event.getEvent()) {
            case EV_FSO_REPO_MOVE_STARTED ->
                new MoveRepo(
                        repo,
                        repoEvent,
                        event.getFsoRepoInitInfo(),
                        event.getFsoShadowRepoInfo().getShadowPath(),
                        event.getNewFsoRepoInitInfo(),
                        null,
                        null,
                        null,
                        null);
            case EV_FSO_SHADOW_REPO_MOVE_STARTED -> new MoveShadow(repo, repoEvent, null, false, null);
            default -> MoveState.None.NONE;
        };
    }

    private static MoveState evolveRepo(MoveRepo move, WorkflowEvent event) {
        Vid id = WireFields.storedVid(event.getId());
        return switch (event.getEvent()) {
            case EV_FSO_REPO_MOVE_APP_ACCEPTED -> move.acceptedBy(id);
            case EV_FSO_REPO_MOVE_STA_RELEASED -> move.releasedBy(id);
            case EV_FSO_REPO_MOVED -> move.movedTo(event.getFsoShadowRepoInfo().getShadowPath());
            case EV_FSO_REPO_MOVE_COMMITTED -> move.ended(MoveState.End.of(event));
            default -> move;
        };
    }

    private static MoveState evolveShadow(MoveShadow move, WorkflowEvent event) {
        return switch (event.getEvent()) {
            case EV_FSO_SHADOW_REPO_MOVE_STA_DISABLED -> move.disabledBy(WireFields.storedVid(event.getId()));
            case EV_FSO_SHADOW_REPO_MOVED -> move.movedNow();
            case EV_FSO_SHADOW_REPO_MOVE_COMMITTED -> move.ended(MoveState.End.of(event));
            default -> move;
        };
    }

    @Override
    public WorkflowEvent parse(byte[] body) throws InvalidProtocolBufferException {
        return WorkflowEvent.parseFrom(body);
    }

    @Override
    public WorkflowEvent identified(WorkflowEvent event, Vid id, Vid parent) {
        return event.toBuilder()
                .setId(WireFields.bytes(id))
                .setParent(WireFields.bytes(parent))
                .build();
    }

    @Override
    public byte[] bytes(WorkflowEvent event) {
        return event.toByteArray();
    }
}
