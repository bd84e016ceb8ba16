/** Mutates the inputs of parsers in tests. */
@NullMarked
package dev.murmuration.fuzz;

import org.jspecify.annotations.NullMarked;
