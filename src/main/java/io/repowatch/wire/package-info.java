/**
 * The wire: messages and stubs generated from {@code proto/} into the packages below this one. Nobody edits them, and nothing
 * written by hand lives here. Must not know any other room.
 */
@NullMarked
package io.repowatch.wire;

import org.jspecify.annotations.NullMarked;
