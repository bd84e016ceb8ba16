/** What a demo shows: progress while it runs, a summary when it ended, and the benchmark made of a recorded stream's labels. */
@NullMarked
package dev.murmuration.local.demo;

import org.jspecify.annotations.NullMarked;
