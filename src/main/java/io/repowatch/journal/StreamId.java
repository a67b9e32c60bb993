package io.repowatch.journal;

import java.util.UUID;

/**
 * Names a stream of the journal.
 *
 * @param category a small number that the user of the journal gives meaning to; the same entity id may occur in several
 * @param entity the entity
 */
public record StreamId(byte category, UUID entity) {}
