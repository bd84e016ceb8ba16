/** The newest labelled photos, without those of deleted tweets. */
@NullMarked
package dev.murmuration.console.wall;

import org.jspecify.annotations.NullMarked;
