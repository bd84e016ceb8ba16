/** From a photo's address to a hashed photo or a reason: fetch, inspect, hash. Knows nothing of tweets, Kafka or the object store. */
@NullMarked
package dev.murmuration.crawler.photo;

import org.jspecify.annotations.NullMarked;
