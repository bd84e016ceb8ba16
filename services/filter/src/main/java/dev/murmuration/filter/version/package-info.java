/** Data sets and their versions, from `shards` alone, and the documents that an export puts beside one. */
@NullMarked
package dev.murmuration.filter.version;

import org.jspecify.annotations.NullMarked;
