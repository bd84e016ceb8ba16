/** What the stages refused, by reason and time, and dead letters. */
@NullMarked
package dev.murmuration.console.rejection;

import org.jspecify.annotations.NullMarked;
