/**
 * The jar: command line, configuration, wiring, logs. Everything else stays ignorant of it.
 */
@NullMarked
package io.repowatch.service;

import org.jspecify.annotations.NullMarked;
