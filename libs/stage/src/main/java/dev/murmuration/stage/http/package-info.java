/** Checks which HTTP requests a stage answers, and how long it waits for one. */
@NullMarked
package dev.murmuration.stage.http;

import org.jspecify.annotations.NullMarked;
