/** A step of the build: one form for the classes that Quarkus generates. */
@NullMarked
package dev.murmuration.canonical;

import org.jspecify.annotations.NullMarked;
