/** The kind of model of {@code bundled-fast}: a linear classifier over hashed words, pairs and triples of words and pieces of words. */
@NullMarked
package dev.murmuration.teacher.hashed;

import org.jspecify.annotations.NullMarked;
