/** The real platform on one machine: Kafka broker, S3 object store and schema registry, with topics, schemas and bucket. */
@NullMarked
package dev.murmuration.local.platform;

import org.jspecify.annotations.NullMarked;
