/**
 * The registry: aggregates, commands as a Java API over the journal, an event source in the same process, and thin gRPC
 * services; and what time does to workflows, on the engine. Must not know storage or how repos are acted on.
 */
@NullMarked
package io.repowatch.registry;

import org.jspecify.annotations.NullMarked;
