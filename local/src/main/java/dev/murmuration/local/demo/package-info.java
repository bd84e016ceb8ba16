/** The demo: its progress display, its summary, and the benchmark made of a recorded stream's labels. */
@NullMarked
package dev.murmuration.local.demo;

import org.jspecify.annotations.NullMarked;
