/** The operator's and the researcher's web console: reads topics, object store and the services' health; writes nothing. */
@NullMarked
package dev.murmuration.console;

import org.jspecify.annotations.NullMarked;
