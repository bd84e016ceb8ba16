/** The papers' scripts as commands on a terminal, with their options and what they print. */
@NullMarked
package dev.murmuration.evaluator.command;

import org.jspecify.annotations.NullMarked;
