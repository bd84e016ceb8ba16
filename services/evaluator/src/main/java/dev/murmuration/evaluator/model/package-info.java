/** Where students come from: names, checkpoints, weight files, what was announced on the topics. */
@NullMarked
package dev.murmuration.evaluator.model;

import org.jspecify.annotations.NullMarked;
