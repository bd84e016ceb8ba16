/** Zip archives and deflated data, with limits. */
@NullMarked
package dev.murmuration.weights.zip;

import org.jspecify.annotations.NullMarked;
