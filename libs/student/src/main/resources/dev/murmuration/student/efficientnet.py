"""EfficientNet-Lite0 (Tan and Le, ICML 2019; the lite form of 2020: no squeeze-and-excitation, ReLU6 for swish).

Its batch normalisation is folded into the convolutions before it: the function is the same, and learning goes on with the statistics
of ImageNet, as with frozen normalisation. A block widens its channels, sees each of them through a filter of its own and narrows them
again; where nothing changes its shape, its input is added.

B images, S side, n channels, C classes.
"""
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor

from student import Student


class EfficientNet(Student):

    # Table 1 of the paper: blocks, width of their filters, stride of the first, how much wider they are inside, channels out. Per
    # block: channels in, inside and out, width of its filters, stride.
    def blocks(self) -> List[List[int]]:
        stages = [[1, 3, 1, 1, 16], [2, 3, 2, 6, 24], [2, 5, 2, 6, 40], [3, 3, 2, 6, 80],
                  [3, 5, 1, 6, 112], [4, 5, 2, 6, 192], [1, 3, 1, 6, 320]]
        blocks: List[List[int]] = []
        in_ = 32
        for n, k, stride, times, out in stages:
            for i in range(n):
                blocks.append([in_, in_ * times, out, k, stride if i == 0 else 1])
                in_ = out
        return blocks

    # 1. The vector of weights: for each convolution from the image up, then for the classifier, its weight, which decays, and its
    # bias, which does not.

    # Per convolution: channels out, channels in per group, width of its kernel, stride, groups.
    def convolutions(self) -> List[List[int]]:
        convolutions = [[32, 3, 3, 2, 1]]
        for in_, inside, out, k, stride in self.blocks():
            if inside > in_:
                convolutions.append([inside, in_, 1, 1, 1])
            convolutions += [[inside, 1, k, stride, inside], [out, inside, 1, 1, 1]]
        return convolutions + [[1280, 320, 1, 1, 1]]

    def pieces(self) -> List[int]:
        sizes: List[int] = []
        for out, in_, k, stride, groups in self.convolutions():
            sizes += [out * in_ * k * k, out]
        return sizes + [self.classes * 1280, self.classes]

    def decays(self) -> List[bool]:
        return [True, False] * (len(self.convolutions()) + 1)

    def layers_above(self) -> List[int]:
        layers = len(self.convolutions()) + 1
        return [layers - 1 - i // 2 for i in range(2 * layers)]

    # The head: the classifier.
    def first_of_head(self) -> int:
        return 2 * len(self.convolutions())

    # 2. Forward

    # pieces of the weights, pixels (B, 3, S, S), paths are ignored, since there are no branches, share of the features that are
    # dropped -> logits (B, C), fp32
    def network(self, w: List[Tensor], pixels: Tensor, paths: Tensor, dropout: float) -> Tensor:
        x = self.features(w, pixels)                                                               # (B, 1280)
        if dropout > 0:
            x = F.dropout(x, dropout, True)
        return F.linear(x, w[-2].view(self.classes, 1280), w[-1]).float()

    # pixels (B, 3, S, S) -> the mean over all places of what the last convolution says (B, 1280)
    def features(self, w: List[Tensor], pixels: Tensor) -> Tensor:
        shapes = self.convolutions()
        x = self.convolved(pixels.to(w[0].dtype), w[0], w[1], shapes[0]).clamp(0.0, 6.0)           # (B, 32, S/2, S/2)
        i = 1
        for in_, inside, out, k, stride in self.blocks():
            y = x
            if inside > in_:
                y = self.convolved(y, w[2 * i], w[2 * i + 1], shapes[i]).clamp(0.0, 6.0)           # (B, inside, H, W)
                i += 1
            y = self.convolved(y, w[2 * i], w[2 * i + 1], shapes[i]).clamp(0.0, 6.0)               # (B, inside, H/stride, W/stride)
            i += 1
            y = self.convolved(y, w[2 * i], w[2 * i + 1], shapes[i])                               # (B, out, H/stride, W/stride)
            i += 1
            x = x + y if stride == 1 and in_ == out else y
        x = self.convolved(x, w[2 * i], w[2 * i + 1], shapes[i]).clamp(0.0, 6.0)                   # (B, 1280, S/32, S/32)
        return x.mean([2, 3])

    # With zeros around it as in TensorFlow: the output has the side of the input divided by the stride, rounded up, and where the number
    # of zeros is odd the one more is right and below. (B, n, H, W) -> (B, out, H/stride, W/stride)
    def convolved(self, x: Tensor, weight: Tensor, bias: Tensor, shape: List[int]) -> Tensor:
        out, in_, k, stride, groups = shape
        weight = weight.view(out, in_, k, k)
        if stride == 1:
            return F.conv2d(x, weight, bias, 1, k // 2, 1, groups)
        high, wide = self.zeros(x.shape[2], k, stride), self.zeros(x.shape[3], k, stride)
        x = F.pad(x, [wide // 2, wide - wide // 2, high // 2, high - high // 2])
        return F.conv2d(x, weight, bias, stride, 0, 1, groups)

    # Number of zeros to pad a row of this many values with.
    def zeros(self, values: int, k: int, stride: int) -> int:
        return max(((values + stride - 1) // stride - 1) * stride + k - values, 0)
