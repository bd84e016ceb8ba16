/** Damages inputs of parsers in the tests. */
@NullMarked
package dev.murmuration.fuzz;

import org.jspecify.annotations.NullMarked;
