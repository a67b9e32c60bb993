/**
 * What {@code repowatch bench} measures: one class for each row of the table in docs/benchmarks.md, and the frame that runs
 * them beside their baselines. Uses the other rooms through what they publish, and processes of this program; nothing else
 * of the product uses it.
 */
@NullMarked
package io.repowatch.service.bench;

import org.jspecify.annotations.NullMarked;
