/** Holds what is deployed to what the code says: names, ports, topics, groups, settings and metrics. */
@NullMarked
package dev.murmuration.deploy;

import org.jspecify.annotations.NullMarked;
