/** What every stage of the pipeline does in the same way: the object store, the start, the crash, and the watch over its own progress. */
@NullMarked
package dev.murmuration.stage;

import org.jspecify.annotations.NullMarked;
