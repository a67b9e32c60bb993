package io.repowatch.observer;

import io.repowatch.engine.StreamClass;
import io.repowatch.engine.StreamKey;
import io.repowatch.wire.nogfso.RepoEvent;
import java.util.UUID;

/**
 * The event stream of a repo. Holds the id as two numbers: a million sleeping repos keep their keys.
 *
 * @param high the upper half of the repo's id
 * @param low the lower half of the repo's id
 */
public record RepoKey(long high, long low) implements StreamKey<RepoEvent> {

    /** The key of the repo with this id. */
    public RepoKey(UUID repo) {
        this(repo.getMostSignificantBits(), repo.getLeastSignificantBits());
    }

    /** The repo's id. */
    public UUID repo() {
        return new UUID(high, low);
    }

    @Override
    public UUID entity() {
        return repo();
    }

    @Override
    public StreamClass streamClass() {
        return StreamClass.REPO;
    }

    @Override
    public String toString() {
        return "RepoKey[repo=" + repo() + "]";
    }
}
