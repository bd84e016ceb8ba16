/** The whole way of one tweet, photo or shard. */
@NullMarked
package dev.murmuration.console.track;

import org.jspecify.annotations.NullMarked;
