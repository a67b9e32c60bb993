package io.repowatch.engine;

import io.repowatch.id.Vid;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream.
 *
 * @param id the event's id, which is the stream's version once the event is in
 * @param parent the id of the event before, {@link Vid#EPOCH} for the first one, null where the source does not tell
 * @param body what happened
 */
public record Event<E>(Vid id, @Nullable Vid parent, E body) {}
