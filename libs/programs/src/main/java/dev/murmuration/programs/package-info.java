/**
 * How a model program, a file in PyTorch, runs in DJL: the archive that libtorch loads, and calls in inference and training mode.
 * Start with {@link dev.murmuration.programs.TorchProgram}.
 */
@NullMarked
package dev.murmuration.programs;

import org.jspecify.annotations.NullMarked;
