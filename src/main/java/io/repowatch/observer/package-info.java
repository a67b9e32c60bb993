/**
 * The observer: what each registry and repo event means (rules), the activities that carry it out, the chains that keep the
 * parts of one repo in turn, and the ports to the outside: {@link io.repowatch.observer.Initializer},
 * {@link io.repowatch.observer.Processor}, {@link io.repowatch.observer.RegistryCommands}. Knows wire messages and the
 * engine; must not know gRPC stubs, the journal, git or files.
 */
@NullMarked
package io.repowatch.observer;

import org.jspecify.annotations.NullMarked;
