/** Near duplicates of photos: PDQ hashes and the index that finds those within a distance. */
@NullMarked
package dev.murmuration.filter.duplicate;

import org.jspecify.annotations.NullMarked;
