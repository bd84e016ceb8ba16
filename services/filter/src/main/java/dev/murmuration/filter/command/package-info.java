/** What people ask about the data sets and do to them: commands that read the topics and the store, beside the running service. */
@NullMarked
package dev.murmuration.filter.command;

import org.jspecify.annotations.NullMarked;
