/** How a photo becomes a student's input: crop, resize, normalisation. */
@NullMarked
package dev.murmuration.student.pixels;

import org.jspecify.annotations.NullMarked;
