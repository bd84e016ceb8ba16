/** Checkpoints to accuracies: what a student is worth on photos that people labelled. */
@NullMarked
package dev.murmuration.evaluator;

import org.jspecify.annotations.NullMarked;
