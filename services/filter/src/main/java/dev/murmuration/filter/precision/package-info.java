/** The precision of the labels: which samples a person judges, on what sheet, and how often the person agrees. */
@NullMarked
package dev.murmuration.filter.precision;

import org.jspecify.annotations.NullMarked;
