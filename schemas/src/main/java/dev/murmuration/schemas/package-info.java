/** The data that flows through Murmuration: events, topics, and their encoding. */
@NullMarked
package dev.murmuration.schemas;

import org.jspecify.annotations.NullMarked;
