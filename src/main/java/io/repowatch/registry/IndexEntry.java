package io.repowatch.registry;

import io.repowatch.id.Vid;
import java.util.UUID;

/**
 * A workflow in the index of its registry.
 *
 * @param kind what it is
 * @param workflow its id
 * @param path the path of its repo, empty if it is not about one
 * @param started the event of the workflow that began it
 * @param completed the event of the workflow that ended it; the epoch while it is active
 * @param listed the version of the index that its beginning made; the epoch if only a snapshot tells of it
 */
record IndexEntry(IndexedKind kind, UUID workflow, String path, Vid started, Vid completed, Vid listed) {
    boolean active() {
        return completed.isEpoch();
    }

    IndexEntry completed(Vid event) {
        return new IndexEntry(kind, workflow, path, started, event, listed);
    }
}
