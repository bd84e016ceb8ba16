/** Starting programs: plans from settings, the folder of a run, the supervising process and its clients. */
@NullMarked
package dev.murmuration.local.launch;

import org.jspecify.annotations.NullMarked;
