/** Scored tweets to labelled images: which data sets take which photo, each photo once and with a reason. */
@NullMarked
package dev.murmuration.filter;

import org.jspecify.annotations.NullMarked;
