/** Finds and opens weights in any format, in one file or in several. */
@NullMarked
package dev.murmuration.weights.file;

import org.jspecify.annotations.NullMarked;
