"""The predecessors' convolutional networks.

VGG-19 (Simonyan and Zisserman, ICLR 2015, configuration E), AlexNet (Krizhevsky et al. 2012) and its variant of Caffe, CaffeNet
(Jia et al. 2014). Both of the latter have five convolutions, of which the second, fourth and fifth see half of the channels each
(two groups), and local response normalisation: AlexNet normalises before it pools, CaffeNet after. Pooling covers the last,
incomplete window too, as Caffe's does.

B images, S side, K cells of the last grid, n channels, C classes.
"""
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor

from student import Student


class ConvNet(Student):
    vgg: bool
    norm_first: bool    # AlexNet: normalises before it pools
    seen: int           # side of what the network sees of a photo
    cells: int
    width1: int         # channels of each block
    width2: int
    width3: int
    width4: int
    width5: int
    dense6: int         # width of fc6 and fc7
    dense7: int

    # 1. The vector of weights: for each layer from the image up (the convolutions, then fc6, fc7, fc8) its weight, a matrix, which decays,
    # and its bias, which does not.

    # Per convolution: channels out, channels in per group, width of its kernel. Its weight is (out, in, k, k), that of fc6
    # (dense6, width5*K*K).
    def convolutions(self) -> List[List[int]]:
        w1, w2, w3, w4, w5 = self.width1, self.width2, self.width3, self.width4, self.width5
        if not self.vgg:
            return [[w1, 3, 11], [w2, w1 // 2, 5], [w3, w2, 3], [w4, w3 // 2, 3], [w5, w4 // 2, 3]]
        channels = [3] + [w1] * 2 + [w2] * 2 + [w3] * 4 + [w4] * 4 + [w5] * 4
        return [[channels[i + 1], channels[i], 3] for i in range(16)]

    def pieces(self) -> List[int]:
        sizes: List[int] = []
        for out, in_, k in self.convolutions():
            sizes += [out * in_ * k * k, out]
        fc6, fc7, fc8 = self.dense6, self.dense7, self.classes
        return sizes + [fc6 * self.width5 * self.cells * self.cells, fc6, fc7 * fc6, fc7, fc8 * fc7, fc8]

    def decays(self) -> List[bool]:
        return [True, False] * (len(self.convolutions()) + 3)

    def layers_above(self) -> List[int]:
        layers = len(self.convolutions()) + 3
        return [layers - 1 - i // 2 for i in range(2 * layers)]

    # The head: fc6, fc7, fc8.
    def first_of_head(self) -> int:
        return 2 * len(self.convolutions())

    # 2. Forward

    # pieces of the weights, pixels (B, 3, S, S), paths are ignored, since there are no branches, share of the values of fc6 and
    # fc7 that are dropped -> logits (B, C), fp32
    def network(self, w: List[Tensor], pixels: Tensor, paths: Tensor, dropout: float) -> Tensor:
        return self.head(w, self.features(w, self.middle(pixels)), dropout)

    # pixels (B, 3, S, S) -> the last grid (B, width5, K, K) where S is seen, a larger one where S is more
    def features(self, w: List[Tensor], pixels: Tensor) -> Tensor:
        x = pixels.to(w[0].dtype)
        for i, shape in enumerate(self.convolutions()):
            weight, bias = w[2 * i].view(shape[0], shape[1], shape[2], shape[2]), w[2 * i + 1]
            if self.vgg:
                x = F.conv2d(x, weight, bias, padding=1).relu()                                    # (B, n, H, W)
                if i in [1, 3, 7, 11, 15]:
                    x = self.pooled(x, 2)                                                          # (B, n, H/2, W/2)
            else:
                x = F.conv2d(x, weight, bias, [4, 1, 1, 1, 1][i], [0, 2, 1, 1, 1][i], 1, [1, 2, 1, 2, 2][i]).relu()
                if i < 2:
                    x = self.pooled(self.normalised(x), 3) if self.norm_first else self.normalised(self.pooled(x, 3))
                elif i == 4:
                    x = self.pooled(x, 3)
        return x

    # The maximum of each k by k window, every other value, also of windows that the border cuts. (B, n, H, W) -> (B, n, about
    # H/2, about W/2)
    def pooled(self, x: Tensor, k: int) -> Tensor:
        return F.max_pool2d(x, k, 2, ceil_mode=True)

    # Local response normalisation over 5 neighbouring channels: x / (1 + 1e-4 / 5 * sum of their squares)^0.75. (B, n, H, W) ->
    # (B, n, H, W)
    #
    # libtorch differentiates the first call of a program differently from later ones: it multiplies the gradient of a power, and
    # adds the three of x in x * x * y, in another order, and a run that continues from a checkpoint would leave the one that was
    # never stopped. Of square, exp and log1p both give the same bits.
    def normalised(self, x: Tensor) -> Tensor:
        n = x.shape[1]
        squares = F.pad(x.square(), [0, 0, 0, 0, 2, 2])                                            # (B, n + 4, H, W)
        around = squares[:, :n]
        for i in range(1, 5):
            around = around + squares[:, i : i + n]
        return x * ((around * 2e-5).log1p() * -0.75).exp()

    # The middle of what is shown. (B, 3, S, S) -> (B, 3, seen, seen)
    def middle(self, pixels: Tensor) -> Tensor:
        at = (pixels.shape[2] - self.seen) // 2
        return self.crop(pixels, at, at)

    def crop(self, pixels: Tensor, y: int, x: int) -> Tensor:
        return pixels[:, :, y : y + self.seen, x : x + self.seen]

    # The fully connected layers. The last grid (B, width5, K, K) -> logits (B, C), fp32
    def head(self, w: List[Tensor], x: Tensor, dropout: float) -> Tensor:
        fc6, bias6, fc7, bias7, fc8, bias8 = w[self.first_of_head():]
        x = F.linear(x.flatten(1), fc6.view(self.dense6, -1), bias6).relu()                        # (B, dense6)
        if dropout > 0:
            x = F.dropout(x, dropout, True)
        x = F.linear(x, fc7.view(self.dense7, self.dense6), bias7).relu()                          # (B, dense7)
        if dropout > 0:
            x = F.dropout(x, dropout, True)
        return F.linear(x, fc8.view(self.classes, self.dense7), bias8).float()

    # 3. Crops and regions

    # The mean over ten crops, as caffe.io.oversample takes them: the four corners, the middle, and all of them mirrored. pixels
    # (B, 3, S, S) -> probabilities (B, C)
    def forward_ten(self, pixels: Tensor) -> Tensor:
        w, far = self.loaded(), pixels.shape[2] - self.seen
        corners = [self.crop(pixels, 0, 0), self.crop(pixels, 0, far), self.crop(pixels, far, 0), self.crop(pixels, far, far)]
        x = torch.cat(corners + [self.middle(pixels)])                                             # (5*B, 3, seen, seen)
        x = torch.cat([x, x.flip(3)])                                                              # (10*B, 3, seen, seen)
        p = self.head(w, self.features(w, x), 0.0).softmax(-1)                                     # (10*B, C)
        return p.view(10, pixels.shape[0], self.classes).mean(0)

    # The fully convolutional form. pixels (B, 3, S, S), S at least seen -> probabilities (B, C, H, W)
    def regions(self, pixels: Tensor) -> Tensor:
        w = self.loaded()
        return self.wide_head(w, self.features(w, pixels)).softmax(1)

    # The head's layers as convolutions, fc6 of K by K and the others of 1 by 1, over a larger grid (B, width5, H, W) -> logits
    # (B, C, H - K + 1, W - K + 1), fp32
    def wide_head(self, w: List[Tensor], x: Tensor) -> Tensor:
        fc6, bias6, fc7, bias7, fc8, bias8 = w[self.first_of_head():]
        x = F.conv2d(x, fc6.view(self.dense6, self.width5, self.cells, self.cells), bias6).relu()  # (B, dense6, H - K + 1, W - K + 1)
        x = F.conv2d(x, fc7.view(self.dense7, self.dense6, 1, 1), bias7).relu()
        return F.conv2d(x, fc8.view(self.classes, self.dense7, 1, 1), bias8).float()
