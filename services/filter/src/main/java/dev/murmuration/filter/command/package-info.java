/** Commands on the data sets: they read the topics and the store beside the running service. */
@NullMarked
package dev.murmuration.filter.command;

import org.jspecify.annotations.NullMarked;
