/** Data sets by their shards, and the teacher's confidence by which photos come into them. */
@NullMarked
package dev.murmuration.console.dataset;

import org.jspecify.annotations.NullMarked;
