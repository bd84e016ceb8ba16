/** The one way from untrusted bytes to pixels: format by magic bytes, limits from the header, then a decoder under a deadline. */
@NullMarked
package dev.murmuration.photo;

import org.jspecify.annotations.NullMarked;
