/** From the text of a tweet to its scores: loads the model that is configured and isolates texts that it fails on. */
@NullMarked
package dev.murmuration.teacher.score;

import org.jspecify.annotations.NullMarked;
