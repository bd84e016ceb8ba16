/** A simulated stream whose true labels are known: posts in X's format and the photos they name, each a function of a seed and a number. */
@NullMarked
package dev.murmuration.simulator;

import org.jspecify.annotations.NullMarked;
