/** Photos with labels: where they are, what their index says, which show the same picture, and what was published about them. */
@NullMarked
package dev.murmuration.evaluator.benchmark;

import org.jspecify.annotations.NullMarked;
