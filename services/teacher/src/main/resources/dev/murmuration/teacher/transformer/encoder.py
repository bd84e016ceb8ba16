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

    # 2. Batches

    # Pinned memory of the host for what will be sent to a GPU. -> as the argument
    def pinned(self, like: Tensor) -> Tensor:
        return torch.empty_like(like, pin_memory=True)

    # Something in pinned memory -> the same on the GPU; nothing waits for the copy.
    def upload(self, pinned: Tensor) -> Tensor:
        return pinned.to(self.w[0].device, non_blocking=True)

    # 3. Forward

    # ids (T), positions (T); groups (G, 2): the number of texts and their length; firsts (N): where each text begins -> logits (N, C), fp32
    def forward(self, ids: Tensor, positions: Tensor, groups: Tensor, firsts: Tensor) -> Tensor:
        of_one_length: List[List[int]] = groups.tolist()
        padded: List[Tensor] = []
        return self.logits(ids, positions, firsts, of_one_length, padded)

    # The same with one call of attention for all texts, for a GPU: a grid (N, n) has a row for each text, filled up to the n tokens of
    # the longest.
    #
    # places (T): where in the grid each token is; grid (2), on the CPU: N and n -> logits (N, C), fp32
    def forward_padded(self, ids: Tensor, positions: Tensor, places: Tensor, grid: Tensor, firsts: Tensor) -> Tensor:
        size: List[int] = grid.tolist()
        tokens = ids.new_zeros([size[0] * size[1]]).index_copy(0, places, torch.arange(ids.shape[0], device=ids.device))
        there = torch.zeros_like(tokens).index_fill(0, places, 1) > 0
        return self.logits(ids, positions, firsts, [size], [places, tokens, there])

    # padded: nothing, or for each token its place (T), for each place a token (N*n), and whether it is that token's (N*n)
    def logits(self, ids: Tensor, positions: Tensor, firsts: Tensor, groups: List[List[int]], padded: List[Tensor]) -> Tensor:
        words, spots, norm, shift = self.w[:4]
        x = torch.embedding(words, ids) + torch.embedding(spots, positions)
        x = F.layer_norm(x, [x.shape[1]], norm, shift, self.eps)                   # (T, D)
        for l in range(self.layers):
            x = self.encoder_layer(self.w[4 + 12 * l : 16 + 12 * l], x, groups, padded)
        dense, dense_bias, out, out_bias = self.w[-4:]
        first = F.linear(x[firsts].float(), dense, dense_bias)                     # (N, D)
        return F.linear(F.relu(first) if self.relu else first.tanh(), out, out_bias)

    # (T, D) -> (T, D), norm after each branch
    def encoder_layer(self, w: List[Tensor], x: Tensor, groups: List[List[int]], padded: List[Tensor]) -> Tensor:
        T, D = x.shape
        qkv, qkv_bias, proj, proj_bias, norm1, shift1, up, up_bias, down, down_bias, norm2, shift2 = w
        a = F.linear(x, qkv, qkv_bias)
        a = self.attention(a, groups) if len(padded) == 0 else self.padded_attention(a, groups[0], padded)
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

    # The same in one call. What fills a row up is not attended to.
    def padded_attention(self, qkv: Tensor, grid: List[int], padded: List[Tensor]) -> Tensor:
        D, H = qkv.shape[1] // 3, self.heads
        N, n = grid
        places, tokens, there = padded
        q, k, v = qkv[tokens].view(N, n, 3, H, D // H).permute(2, 0, 3, 1, 4).unbind()
        a = F.scaled_dot_product_attention(q, k, v, there.view(N, 1, 1, n))        # (N, H, n, d)
        return a.transpose(1, 2).reshape(N * n, D)[places]
