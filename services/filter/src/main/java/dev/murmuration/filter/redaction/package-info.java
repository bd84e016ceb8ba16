/** What remains of deleted tweets: samples in sealed shards and photos in the store. */
@NullMarked
package dev.murmuration.filter.redaction;

import org.jspecify.annotations.NullMarked;
