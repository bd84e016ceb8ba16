/** Keeps untrusted text plain text in the files and on the screens that people open. */
@NullMarked
package dev.murmuration.stage.text;

import org.jspecify.annotations.NullMarked;
