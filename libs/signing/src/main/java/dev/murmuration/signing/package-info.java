/** Signatures of folders, as OpenSSF model signing 1.0 has them. */
@NullMarked
package dev.murmuration.signing;

import org.jspecify.annotations.NullMarked;
