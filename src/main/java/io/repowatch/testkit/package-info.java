/**
 * The published scenario kit: a scripted registry in memory and virtual time, recording ports, and injected failures. For
 * tests of this project and of applications built on it; must not know the service.
 */
@NullMarked
package io.repowatch.testkit;

import org.jspecify.annotations.NullMarked;
