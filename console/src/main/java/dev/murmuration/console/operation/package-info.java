/** What the operator looks up: topics, store, settings. */
@NullMarked
package dev.murmuration.console.operation;

import org.jspecify.annotations.NullMarked;
