/** Whom a stage answers by HTTP, and how long it waits for a request. */
@NullMarked
package dev.murmuration.stage.http;

import org.jspecify.annotations.NullMarked;
