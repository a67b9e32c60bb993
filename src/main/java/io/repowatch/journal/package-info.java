/**
 * The journal: durable, atomic appends over several streams, reads after a version, and a change feed. Events are opaque
 * bytes here; what they mean is the registry's.
 */
@NullMarked
package io.repowatch.journal;

import org.jspecify.annotations.NullMarked;
