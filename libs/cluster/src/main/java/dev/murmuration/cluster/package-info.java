/** A cluster as seen from outside of the pipeline: how far consumer groups are behind, in records and in seconds, and whom to trust. */
@NullMarked
package dev.murmuration.cluster;

import org.jspecify.annotations.NullMarked;
