/** NumPy's arrays and archives of them. */
@NullMarked
package dev.murmuration.weights.numpy;

import org.jspecify.annotations.NullMarked;
