/** Figures: what predictions are worth beside the labels, and how that is told. Pure arithmetic; knows no photos, files or students. */
@NullMarked
package dev.murmuration.evaluator.measure;

import org.jspecify.annotations.NullMarked;
