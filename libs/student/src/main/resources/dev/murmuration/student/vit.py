"""A Vision Transformer.

An image is worth 16x16 words (Dosovitskiy et al., ICLR 2021): pre-norm encoder, class token, exact GELU, fused attention; the
published students' heads have GELU's approximation by tanh. The head reads the class token, or the mean of the patches (Beyer,
Zhai, Kolesnikov, Better plain ViT baselines for ImageNet-1k, 2022); then the class token is one more token that the patches attend to.

B images, S side, P patch, G = S/P, N = 1 + G*G tokens, R tokens that are read, D width, L layers, H heads, d = D/H, M hidden width,
K width inside the head or 0, C classes.
"""
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor

from student import Student


class ViT(Student):
    side: int
    patch: int
    dim: int
    depth: int
    heads: int
    hidden: int
    inner: int
    tanh: bool
    mean: bool         # whether the head reads the mean of the patches
    eps: float
    convolves: bool    # whether linear layers are convolutions

    # 1. The vector of weights. In each part the matrices come first, which decay; then biases, norms, class token and positions,
    # which do not.

    def pieces(self) -> List[int]:
        D, M, K, C = self.dim, self.hidden, self.inner, self.classes
        embeddings = [D * 3 * self.patch * self.patch, D, D, self.tokens() * D]    # as embeddings() unpacks them
        layer = [3 * D * D, D * D, M * D, D * M, D, D, 3 * D, D, D, D, M, D]       # as layer() unpacks them
        norm = [D, D]
        head = [K * D, C * K, K, C] if K > 0 else [C * D, C]                       # as head() unpacks them
        return embeddings + layer * self.depth + norm + head

    def decays(self) -> List[bool]:
        head = [True, True, False, False] if self.inner > 0 else [True, False]
        return [True, False, False, False] + ([True] * 4 + [False] * 8) * self.depth + [False, False] + head

    def layers_above(self) -> List[int]:
        above = [self.depth + 1] * 4
        for l in range(self.depth):
            above += [self.depth - l] * 12
        return above + [0] * (6 if self.inner > 0 else 4)

    def first_of_head(self) -> int:
        return 6 + 12 * self.depth

    # N
    def tokens(self) -> int:
        G = self.side // self.patch
        return 1 + G * G

    # 2. Forward

    # pieces of the weights, pixels (B, 3, S, S), paths (2*L, B) or a number for none, share of values that are dropped -> logits
    # (B, C), fp32
    #
    # Dropout (Srivastava et al. 2014) after the embeddings, the projection and the output; stochastic depth (Huang et al. 2016):
    # what a branch adds to an image is multiplied by its entry in paths, 0 or 1 over the probability of being kept.
    def network(self, w: List[Tensor], pixels: Tensor, paths: Tensor, dropout: float) -> Tensor:
        if self.mean:
            x = self.patch_features(w, pixels, paths, dropout).mean(1)                             # (B, D)
        else:
            x = self.last_norm(w, self.encoder(w, pixels, 1, paths, dropout)[:, 0])                # (B, D)
        return self.head(w, x)

    # -> the first R tokens after the last layer (B, R, D), in the precision of the weights
    def encoder(self, w: List[Tensor], pixels: Tensor, R: int, paths: Tensor, dropout: float) -> Tensor:
        paths = paths.to(w[0].dtype)
        x = self.embeddings(w, pixels)                                                             # (B, N, D)
        if dropout > 0:
            x = F.dropout(x, dropout, True)
        for l in range(self.depth - 1):
            x = self.layer(w, l, x, self.tokens(), paths, dropout)
        return self.layer(w, self.depth - 1, x, R, paths, dropout)

    # -> (B, N, D)
    def embeddings(self, w: List[Tensor], pixels: Tensor) -> Tensor:
        B, D, P, G = pixels.shape[0], self.dim, self.patch, self.side // self.patch
        weight, bias, token, positions = w[:4]
        x = pixels.to(weight.dtype).view(B, 3, G, P, G, P).permute(0, 2, 4, 1, 3, 5)               # (B, G, G, 3, P, P)
        x = self.linear(x.reshape(B, G * G, 3 * P * P), weight.view(D, 3 * P * P), bias)           # (B, G*G, D)
        return torch.cat([token.view(1, 1, D).expand(B, 1, D), x], 1) + positions.view(1, self.tokens(), D)

    # Encoder layer l, for its first R tokens alone where the others are not read: keys and values are of all tokens, everything
    # else of those that are read.
    #
    # x (B, N, D) -> (B, R, D)
    def layer(self, w: List[Tensor], l: int, x: Tensor, R: int, paths: Tensor, dropout: float) -> Tensor:
        B, N, D = x.shape
        M = self.hidden
        qkv, proj, up, down, norm1, shift1, qkv_bias, proj_bias, norm2, shift2, up_bias, down_bias = w[4 + 12 * l : 16 + 12 * l]

        a = F.layer_norm(x, [D], norm1, shift1, self.eps)
        if R == N:
            q, k, v = self.split_heads(self.linear(a, qkv.view(3 * D, D), qkv_bias), 3)            # (B, H, N, d)
        else:
            of_q, of_kv = qkv.view(3 * D, D).split_with_sizes([D, 2 * D])
            q_bias, kv_bias = qkv_bias.split_with_sizes([D, 2 * D])
            x = x[:, :R]
            q = self.split_heads(self.linear(a[:, :R], of_q, q_bias), 1)[0]                        # (B, H, R, d)
            k, v = self.split_heads(self.linear(a, of_kv, kv_bias), 2)                             # (B, H, N, d)
        a = self.attention(q, k, v).transpose(1, 2).reshape(B, R, D)
        a = self.linear(a, proj.view(D, D), proj_bias)
        x = x + self.branch(a, 2 * l, paths, dropout)                                              # (B, R, D)

        f = F.layer_norm(x, [D], norm2, shift2, self.eps)
        f = F.gelu(self.linear(f, up.view(M, D), up_bias))                                         # (B, R, M)
        f = self.linear(f, down.view(D, M), down_bias)
        return x + self.branch(f, 2 * l + 1, paths, dropout)                                       # (B, R, D)

    # (B, N, n*D) -> n of (B, H, N, d)
    def split_heads(self, x: Tensor, n: int) -> List[Tensor]:
        B, N, _ = x.shape
        return x.view(B, N, n, self.heads, self.dim // self.heads).permute(2, 0, 3, 1, 4).unbind()

    # softmax(q k^T / sqrt(d)) v. On a CPU the fused attention computes in fp32 or in small bf16 blocks, which are slower there
    # than whole products in bf16.
    #
    # q (B, H, R, d), k and v (B, H, N, d) -> (B, H, R, d)
    def attention(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        if self.bf16 and not q.is_cuda:
            att = (q * q.shape[3] ** -0.5) @ k.transpose(2, 3)                                     # (B, H, R, N)
            return att.softmax(-1) @ v
        return F.scaled_dot_product_attention(q, k, v)

    # What branch i adds: x (B, R, D) -> (B, R, D)
    def branch(self, x: Tensor, i: int, paths: Tensor, dropout: float) -> Tensor:
        if dropout > 0:
            x = F.dropout(x, dropout, True)
        if paths.dim() > 1:
            x = x * paths[i].view(-1, 1, 1)
        return x

    # A linear layer, as a convolution with a kernel of one pixel where that is faster: MKL computes products in fp32, oneDNN convolutions.
    #
    # x (B, N, I), weight (O, I), bias (O) -> (B, N, O)
    def linear(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        if not self.convolves:
            return F.linear(x, weight, bias)
        x = x.unsqueeze(2).permute(0, 3, 1, 2)                                                     # (B, I, N, 1), channels last
        return F.conv2d(x, weight.unsqueeze(2).unsqueeze(3), bias).permute(0, 2, 3, 1).squeeze(2)

    # tokens (..., D) -> (..., D)
    def last_norm(self, w: List[Tensor], x: Tensor) -> Tensor:
        norm, shift = w[self.first_of_head() - 2 : self.first_of_head()]
        return F.layer_norm(x, [self.dim], norm, shift, self.eps)

    # features (..., D) -> logits (..., C), fp32
    def head(self, w: List[Tensor], x: Tensor) -> Tensor:
        D, K, C = self.dim, self.inner, self.classes
        if K > 0:
            hidden, out, hidden_bias, out_bias = w[self.first_of_head():]
            x = F.linear(x, hidden.view(K, D), hidden_bias)                                        # (..., K)
            x = F.gelu(x, approximate="tanh" if self.tanh else "none")
            x = F.linear(x, out.view(C, K), out_bias)
        else:
            out, out_bias = w[self.first_of_head():]
            x = F.linear(x, out.view(C, D), out_bias)
        return x.float()

    # 3. Patches, where the head reads their mean

    # as for network -> patches after the last norm (B, G*G, D)
    def patch_features(self, w: List[Tensor], pixels: Tensor, paths: Tensor, dropout: float) -> Tensor:
        return self.last_norm(w, self.encoder(w, pixels, self.tokens(), paths, dropout)[:, 1:])

    # pixels (B, 3, S, S) -> logits of each patch (B, G*G, C), row by row; their mean is the image's where the head is linear
    def patch_logits(self, pixels: Tensor) -> Tensor:
        w = self.loaded()
        return self.head(w, self.patch_features(w, pixels, torch.ones([1]), 0.0))

    # pixels (B, 3, S, S) -> probabilities of each patch (B, G*G, C)
    def patches(self, pixels: Tensor) -> Tensor:
        return self.patch_logits(pixels).softmax(-1)
