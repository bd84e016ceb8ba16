/**
 * JPEGs of one sequential scan (ITU-T T.81) to pixels, the same as libjpeg-turbo's. Knows nothing of photos; whatever is not quite
 * regular is left to a complete decoder.
 */
@NullMarked
package dev.murmuration.photo.jpeg;

import org.jspecify.annotations.NullMarked;
