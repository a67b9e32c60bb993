package io.repowatch.journal;

import io.repowatch.id.Vid;

/**
 * One entry of the change feed: a stream got new events.
 *
 * @param position the position of the append it was part of; one append has one position, also over several streams
 * @param stream the stream
 * @param tail the stream's version after that append
 */
public record Change(long position, StreamId stream, Vid tail) {}
