/** Caffe's protocol buffers. */
@NullMarked
package dev.murmuration.weights.caffe;

import org.jspecify.annotations.NullMarked;
