/** What came from what, by the hashes and ids that events carry: a graph that is a pure function of events, and what reads them. */
@NullMarked
package dev.murmuration.filter.lineage;

import org.jspecify.annotations.NullMarked;
