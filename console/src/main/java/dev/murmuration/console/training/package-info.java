/** Students over their steps: checkpoints of each run, accuracies on each benchmark. */
@NullMarked
package dev.murmuration.console.training;

import org.jspecify.annotations.NullMarked;
