package io.repowatch.registry;

import io.repowatch.id.Vid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The workflows that have changed the storage tier of a repo, the last one first. All are kept, in a few words each, so that
 * a request that is repeated gets its first answer however late.
 *
 * @param workflow the workflow
 * @param begun the version of the stream that its beginning made
 * @param before the one before it; null if it is the first
 */
record StorageWork(UUID workflow, Vid begun, @Nullable StorageWork before) {

    /** The version that the beginning of {@code id} made; null if it is none of these. */
    static @Nullable Vid begun(@Nullable StorageWork last, UUID id) {
        for (StorageWork work = last; work != null; work = work.before) {
            if (work.workflow.equals(id)) {
                return work.begun;
            }
        }
        return null;
    }
}
