"""What tracing transformers' RobertaForSequenceClassification gives, operation by operation: padded texts, an additive mask, and
its own (fused) attention.

The peer that the benchmark measures against, in the way that DJL's translator calls it.
"""
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn import Module


class PaddedRoberta(Module):
    layers: int
    heads: int
    eps: float
    w: List[Tensor]    # 5 of the embeddings, then 16 per layer, then 4 of the head: as transformers names them

    def take(self, weights: List[Tensor]) -> Tensor:
        self.w.extend([w.clone() for w in weights])
        return torch.zeros([1])

    # ids (B, N), mask (B, N) -> logits (B, C)
    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        B, N = ids.shape
        words, places, types, norm, shift = self.w[:5]
        there = ids.ne(1).int()
        x = torch.embedding(words, ids) + torch.embedding(types, torch.zeros_like(ids))
        x = x + torch.embedding(places, there.cumsum(1) * there + 1)
        x = F.layer_norm(x, [x.shape[2]], norm, shift, self.eps)                          # (B, N, D)
        bias = ((mask.float().view(B, 1, 1, N) - 1.0) * 3.4028234663852886e+38).expand(B, 1, N, N)
        for l in range(self.layers):
            x = self.layer(self.w[5 + 16 * l : 21 + 16 * l], x, bias)
        dense, dense_bias, out, out_bias = self.w[-4:]
        return F.linear(F.linear(x[:, 0], dense, dense_bias).tanh(), out, out_bias)

    # (B, N, D) -> (B, N, D)
    def layer(self, w: List[Tensor], x: Tensor, mask: Tensor) -> Tensor:
        B, N, D = x.shape
        query, q_bias, key, k_bias, value, v_bias, proj, proj_bias, norm1, shift1, up, up_bias, down, down_bias, norm2, shift2 = w
        q = F.linear(x, query, q_bias).view(B, N, self.heads, D // self.heads).transpose(1, 2)
        k = F.linear(x, key, k_bias).view(B, N, self.heads, D // self.heads).transpose(1, 2)
        v = F.linear(x, value, v_bias).view(B, N, self.heads, D // self.heads).transpose(1, 2)
        a = F.scaled_dot_product_attention(q, k, v, mask).transpose(1, 2).reshape(B, N, D)
        x = F.layer_norm(F.linear(a, proj, proj_bias) + x, [D], norm1, shift1, self.eps)
        f = F.linear(F.gelu(F.linear(x, up, up_bias)), down, down_bias)
        return F.layer_norm(f + x, [D], norm2, shift2, self.eps)
