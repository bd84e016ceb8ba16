/** Follows the topics of the pipeline and passes on what they hold; joins no group. */
@NullMarked
package dev.murmuration.console.topic;

import org.jspecify.annotations.NullMarked;
