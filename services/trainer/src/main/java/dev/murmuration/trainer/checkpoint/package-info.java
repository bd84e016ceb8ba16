/** Checkpoints of a run: as an archive, as objects of the store, and resuming from them. */
@NullMarked
package dev.murmuration.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
