/**
 * The real ports of the observer: shadow git repos, the table of enabled repos, their gRPC services. Blocking work runs on
 * an injected Scheduler. Must not know the registry, the journal or event streams.
 */
@NullMarked
package io.repowatch.storage;

import org.jspecify.annotations.NullMarked;
