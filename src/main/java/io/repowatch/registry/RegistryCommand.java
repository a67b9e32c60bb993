package io.repowatch.registry;

import io.repowatch.wire.nogfso.RegistryEvent;
import org.jspecify.annotations.Nullable;

/** A command of the registry aggregate: first what needs no state, then that there is a registry, then the rest. */
interface RegistryCommand extends Command<RegistryState, RegistryEvent> {

    /** What is wrong with the command itself; null if nothing is. */
    default @Nullable String problem() {
        return null;
    }

    /** Decides for a registry that is initialised. */
    Decision<RegistryEvent> decideInitialized(RegistryState state);

    @Override
    default Decision<RegistryEvent> decide(RegistryState state) {
        String problem = problem();
        if (problem != null) {
            return Decision.invalid(problem);
        }
        return state.initialized() ? decideInitialized(state) : Decision.notFound("uninitialized registry");
    }

    /** A new event of a type. */
    static RegistryEvent.Builder event(RegistryEvent.Type type) {
        return RegistryEvent.newBuilder().setEvent(type);
    }
}
