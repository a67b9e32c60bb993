/**
 * The lazy activity engine: wakes the activities that have news, reads their streams, and hands them events in strict order
 * under a bounded number of open reads. Knows Reactor and event ids; must not know gRPC, protobuf, repos or registries.
 */
@NullMarked
package io.repowatch.engine;

import org.jspecify.annotations.NullMarked;
