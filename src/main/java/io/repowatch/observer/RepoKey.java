package io.repowatch.observer;

import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;

/**
 * The event stream of a repo.
 *
 * @param repo the repo's id
 */
public record RepoKey(UUID repo) implements StreamKey<RepoEvent> {
    @Override
    public UUID entity() {
        return repo;
    }

    @Override
    public StreamClass streamClass() {
        return StreamClass.REPO;
    }
}
