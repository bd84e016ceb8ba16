/** A student at work on a benchmark: its photos decoded and shown, as the student is or after further training by folds and splits. */
@NullMarked
package dev.murmuration.evaluator.evaluation;

import org.jspecify.annotations.NullMarked;
