/** The Kafka Streams topology: the processors that decide which data sets take a photo, and their stores. */
@NullMarked
package dev.murmuration.filter.topology;

import org.jspecify.annotations.NullMarked;
