package io.repowatch.observer;

import io.repowatch.id.GlobalPath;
import org.jspecify.annotations.Nullable;

/**
 * How a part of a workflow ended.
 *
 * @param aborted whether the workflow ended without having done what it was for
 * @param newPath where a move leads, null where it leads nowhere
 */
record PartEnd(boolean aborted, @Nullable GlobalPath newPath) {}
