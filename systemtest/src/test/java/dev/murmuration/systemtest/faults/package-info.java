/** `./murmuration bench faults`: seeded faults on the running system, and what they cost. */
@NullMarked
package dev.murmuration.systemtest.faults;

import org.jspecify.annotations.NullMarked;
