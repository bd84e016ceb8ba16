/** What flows through Murmuration: events, topics, and how they look on the wire. */
@NullMarked
package dev.murmuration.schemas;

import org.jspecify.annotations.NullMarked;
