package io.repowatch.registry;

import io.repowatch.id.Vid;
import java.util.UUID;

/**
 * The workflow that last changed the storage tier of a repo.
 *
 * @param workflow the workflow
 * @param begun the version of the stream that its beginning made, to be answered again when the request is repeated
 */
record StorageWork(UUID workflow, Vid begun) {}
