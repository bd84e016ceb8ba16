/**
 * Pictures of what a student sees: sentiment maps, how far they can be believed, contact sheets. Knows photos, pixels and
 * probabilities, and nothing of benchmarks.
 */
@NullMarked
package dev.murmuration.evaluator.map;

import org.jspecify.annotations.NullMarked;
