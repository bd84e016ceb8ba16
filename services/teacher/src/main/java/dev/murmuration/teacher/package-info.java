/** Tweets to scored tweets: what a tweet's text says about its mood, for its photos to inherit. */
@NullMarked
package dev.murmuration.teacher;

import org.jspecify.annotations.NullMarked;
