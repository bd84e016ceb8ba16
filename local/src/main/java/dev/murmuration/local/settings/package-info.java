/** Settings of the commands: the environment before a file before defaults, and where a cluster is. */
@NullMarked
package dev.murmuration.local.settings;

import org.jspecify.annotations.NullMarked;
