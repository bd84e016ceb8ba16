/** Python's pickles as PyTorch writes its weights; builds tensors and nothing else. */
@NullMarked
package dev.murmuration.weights.pickle;

import org.jspecify.annotations.NullMarked;
