/**
 * The gRPC side of the observer: an event source and the registry commands over a channel, with its credentials. Speaks
 * to any server of the wire contract; must not know the journal, the registry or storage.
 */
@NullMarked
package io.repowatch.client;

import org.jspecify.annotations.NullMarked;
