/**
 * Verifies the guarantee of the pipeline: every photo ends as exactly one of labelled, rejected or dead-lettered, and every label
 * is in its shards.
 */
@NullMarked
package dev.murmuration.local.audit;

import org.jspecify.annotations.NullMarked;
