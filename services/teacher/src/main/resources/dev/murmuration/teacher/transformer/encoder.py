"""Transformer encoders for sequence classification: BERT (Devlin et al. 2019), RoBERTa (Liu et al. 2019), DistilBERT (Sanh et al. 2019); without padding.

Texts are packed end to end: T tokens of all texts in a row. Linear layers see T rows, attention sees the texts of one length
together, so that no padding mask is needed and a text's logits do not depend on its neighbours.

T tokens, N texts, D width, H heads, d = D/H, C classes; G groups of texts of equal length, each with c texts of n tokens.
"""
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn import Module


class Encoder(Module):
    layers: int
    heads: int
    eps: float         # of every layer norm
    bf16: bool         # the precision of embeddings and encoder; the head is fp32
    relu: bool         # in the head, as DistilBERT; else tanh
    w: List[Tensor]    # 4 of the embeddings, 12 per layer, 4 of the head

    # 1. Weights, in the order of the calls: embeddings, layer after layer, head

    # words (V, D), positions (P, D), maybe token types (1 or more, D), norm (D) and (D)
    def embeddings(self, weights: List[Tensor]) -> Tensor:
        positions = weights[1]
        if len(weights) == 5:
            positions = positions + weights[2][0]    # only type 0 occurs, so that it is part of every position
        self.keep([weights[0], positions, weights[-2], weights[-1]])
        return torch.zeros([1])

    # weights and biases of query, key, value, then of attention out, its norm, intermediate, out, its norm
    def layer(self, weights: List[Tensor]) -> Tensor:
        q, q_bias, k, k_bias, v, v_bias = weights[:6]
        self.keep([torch.cat([q, k, v]), torch.cat([q_bias, k_bias, v_bias])] + weights[6:])
        return torch.zeros([1])

    # dense (D, D) and (D), projection (C, D) and (C)
    def head(self, weights: List[Tensor]) -> Tensor:
        self.w.extend([w.clone() for w in weights])
        return torch.zeros([1])

    def keep(self, weights: List[Tensor]):
        precision = torch.bfloat16 if self.bf16 else torch.float32
        self.w.extend([w.to(precision, copy=True) for w in weights])

    # 2. Forward

    # ids (T), positions (T); groups (G, 2): the number of texts and their length; firsts (N): where each text begins -> logits (N, C), fp32
    def forward(self, ids: Tensor, positions: Tensor, groups: Tensor, firsts: Tensor) -> Tensor:
        of_one_length: List[List[int]] = groups.tolist()
        words, places, norm, shift = self.w[:4]
        x = torch.embedding(words, ids) + torch.embedding(places, positions)
        x = F.layer_norm(x, [x.shape[1]], norm, shift, self.eps)                   # (T, D)
        for l in range(self.layers):
            x = self.encoder_layer(self.w[4 + 12 * l : 16 + 12 * l], x, of_one_length)
        dense, dense_bias, out, out_bias = self.w[-4:]
        first = F.linear(x[firsts].float(), dense, dense_bias)                     # (N, D)
        return F.linear(F.relu(first) if self.relu else first.tanh(), out, out_bias)

    # (T, D) -> (T, D), norm after each branch
    def encoder_layer(self, w: List[Tensor], x: Tensor, groups: List[List[int]]) -> Tensor:
        T, D = x.shape
        qkv, qkv_bias, proj, proj_bias, norm1, shift1, up, up_bias, down, down_bias, norm2, shift2 = w
        a = self.attention(F.linear(x, qkv, qkv_bias), groups)
        x = F.layer_norm(F.linear(a, proj, proj_bias) + x, [D], norm1, shift1, self.eps)
        f = F.gelu(F.linear(x, up, up_bias))                                       # (T, 4 D)
        return F.layer_norm(F.linear(f, down, down_bias) + x, [D], norm2, shift2, self.eps)

    # queries, keys and values (T, 3 D) -> (T, D)
    def attention(self, qkv: Tensor, groups: List[List[int]]) -> Tensor:
        D, H = qkv.shape[1] // 3, self.heads
        attended: List[Tensor] = []
        at = 0
        for c, n in groups:
            q, k, v = qkv[at : at + c * n].view(c, n, 3, H, D // H).permute(2, 0, 3, 1, 4).unbind()
            a = F.scaled_dot_product_attention(q, k, v)                            # (c, H, n, d)
            attended.append(a.transpose(1, 2).reshape(c * n, D))
            at += c * n
        return torch.cat(attended)
