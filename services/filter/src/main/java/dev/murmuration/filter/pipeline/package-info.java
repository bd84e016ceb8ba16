/** What the commands work on: topics, object store and settings. */
@NullMarked
package dev.murmuration.filter.pipeline;

import org.jspecify.annotations.NullMarked;
