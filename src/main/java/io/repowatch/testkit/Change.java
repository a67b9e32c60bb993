package io.repowatch.testkit;

import io.repowatch.engine.StreamKey;

/**
 * An event for a stream.
 *
 * @param stream where it belongs
 * @param body what happens; id and parent are set when it is appended
 */
public record Change<E>(StreamKey<E> stream, E body) {}
