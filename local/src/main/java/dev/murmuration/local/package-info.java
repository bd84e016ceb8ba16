/** The command: the platform and the five services kept running on one machine, shown, audited and ended. */
@NullMarked
package dev.murmuration.local;

import org.jspecify.annotations.NullMarked;
