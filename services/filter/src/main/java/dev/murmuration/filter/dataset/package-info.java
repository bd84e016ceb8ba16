/** What a data set is: origin, thresholds, balance and split. Pure functions of an event. */
@NullMarked
package dev.murmuration.filter.dataset;

import org.jspecify.annotations.NullMarked;
