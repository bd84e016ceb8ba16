/** A stream whose truth is known: scenes and texts with a mood, and the noise of a real stream, all from a seed. */
@NullMarked
package dev.murmuration.crawler.simulator;

import org.jspecify.annotations.NullMarked;
