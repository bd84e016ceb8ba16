/**
 * Readers of weight files: safetensors, PyTorch, Keras, NumPy and Caffe, each a table of named tensors. No code in a file is ever run.
 * Start with {@link dev.murmuration.weights.Weights}.
 */
@NullMarked
package dev.murmuration.weights;

import org.jspecify.annotations.NullMarked;
