/** The pipeline of any cluster as an operator sees it at one moment: rates, lag, refusals, shards, loss, accuracies. */
@NullMarked
package dev.murmuration.local.status;

import org.jspecify.annotations.NullMarked;
