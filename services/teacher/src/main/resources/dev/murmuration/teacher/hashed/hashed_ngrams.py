"""A linear classifier over hashed words and n-grams.

N texts, T features of all texts end to end, V buckets, C classes.
"""
from typing import List

import torch
from torch import Tensor
from torch.nn import Module


class HashedNgrams(Module):
    w: List[Tensor]    # weight (V, C), bias (C)

    # weight (V, C), bias (C)
    def load(self, weight: Tensor, bias: Tensor) -> Tensor:
        self.w = [weight.clone(), bias.clone()]
        return torch.zeros([1])

    # ids (T), starts (N): where each text's ids begin, scale (N, 1): 1 / sqrt(features of the text) -> probabilities (N, C)
    def forward(self, ids: Tensor, starts: Tensor, scale: Tensor) -> Tensor:
        weight, bias = self.w
        # The rows of a text's features, summed one after the other, so that no text's score depends on its neighbours.
        sums = torch.embedding_bag(weight, ids, starts)[0]    # (N, C)
        return (sums * scale + bias).softmax(1)
