package io.repowatch.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.repowatch.id.Vid;
import io.repowatch.wire.v1.MainEvent;

/** The main aggregate and its commands (registry specification §3.1). */
enum MainAggregate implements Aggregate<MainState, MainEvent> {
    INSTANCE;

    /** Names the server's name space. */
    record Init(String name) implements Command<MainState, MainEvent> {
        @Override
        public Decision<MainEvent> decide(MainState state) {
            if (state.initialized()) {
                return state.name().equals(name) ? Decision.nothing() : Decision.alreadyExists("init conflict");
            }
            return Decision.event(MainEvent.newBuilder()
                    .setEvent(MainEvent.Type.MAIN_INITIALIZED)
                    .setMainName(name)
                    .build());
        }
    }

    /** Adds a registry, whose own history is still to begin. */
    record AcceptRegistry(String registry) implements Command<MainState, MainEvent> {
        @Override
        public Decision<MainEvent> decide(MainState state) {
            return state.knows(registry)
                    ? Decision.nothing()
                    : Decision.event(named(MainEvent.Type.REGISTRY_ACCEPTED, registry));
        }
    }

    /** Says that the registry's own history has begun. */
    record ConfirmRegistry(String registry) implements Command<MainState, MainEvent> {
        @Override
        public Decision<MainEvent> decide(MainState state) {
            if (!state.knows(registry)) {
                return Decision.notFound("unknown registry");
            }
            return state.confirmed(registry)
                    ? Decision.nothing()
                    : Decision.event(named(MainEvent.Type.REGISTRY_CONFIRMED, registry));
        }
    }

    private static MainEvent named(MainEvent.Type type, String registry) {
        return MainEvent.newBuilder().setEvent(type).setRegistryName(registry).build();
    }

    @Override
    public Category category() {
        return Category.MAIN;
    }

    @Override
    public String errorPrefix() {
        return "main error: ";
    }

    @Override
    public MainState initial() {
        return MainState.INITIAL;
    }

    @Override
    public MainState evolve(MainState state, MainEvent event) {
        return switch (event.getEvent()) {
            case MAIN_INITIALIZED -> state.named(event.getMainName());
            case REGISTRY_ACCEPTED -> state.accepted(event.getRegistryName());
            case REGISTRY_CONFIRMED -> state.confirmedNow(event.getRegistryName());
            case TYPE_UNSPECIFIED, UNRECOGNIZED -> state;
        };
    }

    @Override
    public MainEvent parse(byte[] body) throws InvalidProtocolBufferException {
        return MainEvent.parseFrom(body);
    }

    @Override
    public MainEvent identified(MainEvent event, Vid id, Vid parent) {
        return event.toBuilder()
                .setId(WireFields.bytes(id))
                .setParent(WireFields.bytes(parent))
                .build();
    }

    @Override
    public byte[] bytes(MainEvent event) {
        return event.toByteArray();
    }
}
