/** VP8 key frames (RFC 6386) to pixels, the same as libwebp's. Knows nothing of photos and files. */
@NullMarked
package dev.murmuration.photo.vp8;

import org.jspecify.annotations.NullMarked;
