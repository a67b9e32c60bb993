package io.repowatch.observer;

import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.nogfso.RegistryEvent;
import java.util.UUID;

/**
 * The event stream of a registry.
 *
 * @param registry the registry's name
 */
public record RegistryKey(String registry) implements StreamKey<RegistryEvent> {
    @Override
    public UUID entity() {
        return EntityIds.registry(registry);
    }

    @Override
    public StreamClass streamClass() {
        return StreamClass.GENERAL;
    }
}
