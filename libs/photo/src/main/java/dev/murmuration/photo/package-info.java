/** One way from a stranger's bytes to pixels: format by magic bytes, limits from the header, then a decoder that a clock ends. */
@NullMarked
package dev.murmuration.photo;

import org.jspecify.annotations.NullMarked;
