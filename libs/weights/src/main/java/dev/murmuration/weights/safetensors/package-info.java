/** The safetensors format, read and written. */
@NullMarked
package dev.murmuration.weights.safetensors;

import org.jspecify.annotations.NullMarked;
