/** Child processes that end with the process that started them, and how a JVM of this project is started. */
@NullMarked
package dev.murmuration.local.process;

import org.jspecify.annotations.NullMarked;
