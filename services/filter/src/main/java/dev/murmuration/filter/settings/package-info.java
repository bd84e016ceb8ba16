/** The settings, and what they describe: data sets, rules of the decision, rules of the packing. */
@NullMarked
package dev.murmuration.filter.settings;

import org.jspecify.annotations.NullMarked;
