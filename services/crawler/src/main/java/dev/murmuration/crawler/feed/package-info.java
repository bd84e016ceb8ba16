/** Where posts come from: one interface, one class a feed. Knows nothing of admission, Kafka or the object store. */
@NullMarked
package dev.murmuration.crawler.feed;

import org.jspecify.annotations.NullMarked;
