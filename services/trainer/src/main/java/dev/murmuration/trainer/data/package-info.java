/** Training data: shards from the object store as decoded samples, fetched ahead of their use. */
@NullMarked
package dev.murmuration.trainer.data;

import org.jspecify.annotations.NullMarked;
