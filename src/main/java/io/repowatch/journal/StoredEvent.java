package io.repowatch.journal;

import io.repowatch.id.Vid;

/**
 * One event as it is stored. The body is shared, not copied: nobody changes it.
 *
 * @param id the event's id, unique in its stream
 * @param body the event's bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredEvent(Vid id, byte[] body) {}
