"""Attention rollout (Abnar and Zuidema, ACL 2020) of a Vision Transformer: the layers of the student's program with a softmax
that can be seen.

B images, S side, P patch, G = S/P, N = 1 + G*G tokens, D width, H heads, d = D/H.
"""
from typing import List, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn import Module


class Attention(Module):
    side: int
    patch: int
    dim: int
    depth: int
    heads: int
    mean: bool         # whether the head reads the mean of the patches in place of the class token
    eps: float
    w: List[Tensor]    # 4 of the embeddings, 16 per layer: weight and bias of everything

    def load(self, weights: List[Tensor]) -> Tensor:
        self.w = [w.clone() for w in weights]
        return torch.zeros([1])

    # A layer passes on half of what its attention (mean of the heads) gathers and half of what was there, A' = (A + I) / 2. The
    # shares are the first row of A'_L ... A'_1, or the mean of all others, computed from the last layer down.
    #
    # pixels (B, 3, S, S) -> share of each patch in what the head reads after the last layer (B, G*G)
    def rollout(self, pixels: Tensor) -> Tensor:
        x = self.embeddings(pixels)
        maps: List[Tensor] = []
        for l in range(self.depth):
            x, att = self.layer(self.w[4 + 16 * l : 20 + 16 * l], x)
            maps.append(att.mean(1))                                               # (B, N, N)
        shares = torch.zeros_like(maps[0][:, :1])                                  # (B, 1, N)
        if self.mean:
            shares[:, :, 1:] = 1 / (shares.shape[2] - 1)
        else:
            shares[:, :, 0] = 1.0
        for l in range(self.depth):
            shares = (shares @ maps[self.depth - 1 - l] + shares) * 0.5
        return shares[:, 0, 1:]

    # pixels (B, 3, S, S) -> tokens (B, N, D)
    def embeddings(self, pixels: Tensor) -> Tensor:
        B, D, P, G = pixels.shape[0], self.dim, self.patch, self.side // self.patch
        weight, bias, token, positions = self.w[:4]
        x = pixels.view(B, 3, G, P, G, P).permute(0, 2, 4, 1, 3, 5).reshape(B, G * G, 3 * P * P)
        x = F.linear(x, weight.view(D, 3 * P * P), bias)                           # (B, G*G, D)
        return torch.cat([token.view(1, 1, D).expand(B, 1, D), x], 1) + positions.view(1, 1 + G * G, D)

    # x (B, N, D) -> x after the layer (B, N, D), its attention (B, H, N, N)
    def layer(self, w: List[Tensor], x: Tensor) -> Tuple[Tensor, Tensor]:
        B, N, D = x.shape
        norm1, shift1, query, q_bias, key, k_bias, value, v_bias, proj, proj_bias, norm2, shift2, up, up_bias, down, down_bias = w
        a = F.layer_norm(x, [D], norm1, shift1, self.eps)
        q = self.split_heads(F.linear(a, query, q_bias))                           # (B, H, N, d)
        k = self.split_heads(F.linear(a, key, k_bias))
        v = self.split_heads(F.linear(a, value, v_bias))
        att = (q @ k.transpose(2, 3) / (D // self.heads) ** 0.5).softmax(-1)       # (B, H, N, N)
        x = x + F.linear((att @ v).transpose(1, 2).reshape(B, N, D), proj, proj_bias)
        f = F.gelu(F.linear(F.layer_norm(x, [D], norm2, shift2, self.eps), up, up_bias))
        return x + F.linear(f, down, down_bias), att

    # (B, N, D) -> (B, H, N, d)
    def split_heads(self, x: Tensor) -> Tensor:
        B, N, D = x.shape
        return x.view(B, N, self.heads, D // self.heads).transpose(1, 2)
