/**
 * How a TorchScript program runs in DJL: the archive it travels in, calls in inference and training mode, and weights from safetensors, PyTorch and Caffe files. Start with
 * {@link dev.murmuration.torch.TorchProgram}.
 */
@NullMarked
package dev.murmuration.torch;

import org.jspecify.annotations.NullMarked;
