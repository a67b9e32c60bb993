package io.repowatch.registry;

import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.id.EntityIds;
import io.repowatch.wire.v1.MainEvent;
import java.util.UUID;

/** The stream of main, which says which registries there are. */
enum MainKey implements StreamKey<MainEvent> {
    MAIN;

    @Override
    public UUID entity() {
        return EntityIds.main();
    }

    @Override
    public StreamClass streamClass() {
        return StreamClass.GENERAL;
    }
}
