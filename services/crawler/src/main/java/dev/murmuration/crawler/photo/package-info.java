/** From a photo's address to a hashed photo or a reason: fetch, inspect, hash. Independent of tweets, Kafka and the object store. */
@NullMarked
package dev.murmuration.crawler.photo;

import org.jspecify.annotations.NullMarked;
