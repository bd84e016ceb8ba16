/** The simulated stream as a feed, and its benchmark: what the simulator draws, as the crawler takes it. */
@NullMarked
package dev.murmuration.crawler.simulator;

import org.jspecify.annotations.NullMarked;
