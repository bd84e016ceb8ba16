/** What is started and how: plans from settings, the folder of a run, the supervising process and its clients. */
@NullMarked
package dev.murmuration.local.launch;

import org.jspecify.annotations.NullMarked;
