/** Where each stage is: rate, lag, its trend, and health. */
@NullMarked
package dev.murmuration.console.pipeline;

import org.jspecify.annotations.NullMarked;
