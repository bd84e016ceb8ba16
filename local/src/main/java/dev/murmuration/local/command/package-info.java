/** The commands of {@code ./murmuration} that this module brings, one class each: options, what is printed, exit status. */
@NullMarked
package dev.murmuration.local.command;

import org.jspecify.annotations.NullMarked;
