/** One trace from a record to its shard: how spans follow records through batches and the Streams topology. */
@NullMarked
package dev.murmuration.stage.trace;

import org.jspecify.annotations.NullMarked;
