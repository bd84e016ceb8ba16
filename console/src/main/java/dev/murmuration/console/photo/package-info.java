/** Photos of strangers, decoded, made small and encoded anew before a browser gets them. */
@NullMarked
package dev.murmuration.console.photo;

import org.jspecify.annotations.NullMarked;
