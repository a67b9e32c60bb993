/**
 * The whole system in one thread, from one seed, on virtual time: a registry with its journal, observers, and storage hosts,
 * with every fault that can be thought of, and judges who see what must never happen. Entry point:
 * {@link io.repowatch.testkit.simulation.Simulation}.
 */
@NullMarked
package io.repowatch.testkit.simulation;

import org.jspecify.annotations.NullMarked;
