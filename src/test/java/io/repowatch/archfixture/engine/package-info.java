@NullMarked
package io.repowatch.archfixture.engine;

import org.jspecify.annotations.NullMarked;
