/** The system as a black box: only the command, its output, its processes and what it leaves behind. */
@NullMarked
package dev.murmuration.systemtest;

import org.jspecify.annotations.NullMarked;
