/**
 * Identity: event ids, name-derived entity ids, global paths, and the seam that decides who may do what. Values and one
 * interface, no behaviour of the system; imports nothing else of Repowatch, so that every room can share them.
 */
@NullMarked
package io.repowatch.id;

import org.jspecify.annotations.NullMarked;
