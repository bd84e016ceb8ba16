/** A student that answers HTTP requests: photos from many requests in one batch, and maps. */
@NullMarked
package dev.murmuration.evaluator.serve;

import org.jspecify.annotations.NullMarked;
