# A Vision Transformer in serialized TorchScript; student.py goes on with what it has in common with other students: inference, loss, backward and optimizer.
#
# An image is worth 16x16 words (Dosovitskiy et al., ICLR 2021), pre-norm encoder, class token, exact GELU, fused attention; the published students' heads
# have GELU's approximation by tanh. The head reads the class token, or the mean of the patches (Beyer, Zhai, Kolesnikov, Better plain ViT baselines for
# ImageNet-1k, 2022); then the class token is one more token that the patches attend to.
#
# B images, S side, P patch, G = S/P, N = 1 + G*G tokens, D width, H heads, d = D/H, M hidden width, K width inside the head or 0, C classes, L layers.
#
# All weights are one vector (n), so that casting, clipping, averaging and saving are single operations on it. Its order:
#
#   embeddings    patch weight (D, 3*P*P) | patch bias (D), class token (D), positions (N, D)
#   each layer    query, key, value (3*D, D), projection (D, D), hidden (M, D), output (D, M)
#                 | norm 1 (D) (D), query, key, value bias (3*D), projection bias (D), norm 2 (D) (D), hidden bias (M), output bias (D)
#   end           | norm (D) (D)
#   head          weight (C, D) | bias (C); with K > 0: hidden (K, D), output (C, K) | hidden bias (K), output bias (C)
#
# Before each bar: matrices, which decay. After it: biases, norms, class token and positions, which do not.
class Student(Module):
  side : int
  patch : int
  dim : int
  depth : int
  heads : int
  hidden : int
  inner : int
  tanh : bool
  mean : bool              # whether the head reads the mean of the patches
  eps : float
  convolves : bool         # whether linear layers are convolutions

  # 1. The vector of weights

  # How many tokens there are, N.
  def count(self: __torch__.Student) -> int:
    grid = torch.floordiv(self.side, self.patch)
    return torch.add(torch.mul(grid, grid), 1)

  # Lengths of the pieces that the forward pass uses, in order: 4 + 12 * L + 2, then the head's 2 or 4.
  def pieces(self: __torch__.Student) -> List[int]:
    D = self.dim
    M = self.hidden
    N = (self).count()
    s = annotate(List[int], [])
    _0 = torch.append(s, torch.mul(torch.mul(torch.mul(self.patch, self.patch), 3), D))
    _1 = torch.append(s, D)
    _2 = torch.append(s, D)
    _3 = torch.append(s, torch.mul(N, D))
    for l in range(self.depth):
      _4 = torch.append(s, torch.mul(torch.mul(D, D), 3))
      _5 = torch.append(s, torch.mul(D, D))
      _6 = torch.append(s, torch.mul(M, D))
      _7 = torch.append(s, torch.mul(D, M))
      _8 = torch.append(s, D)
      _9 = torch.append(s, D)
      _10 = torch.append(s, torch.mul(D, 3))
      _11 = torch.append(s, D)
      _12 = torch.append(s, D)
      _13 = torch.append(s, D)
      _14 = torch.append(s, M)
      _15 = torch.append(s, D)
    _16 = torch.append(s, D)
    _17 = torch.append(s, D)
    K = self.inner
    if torch.gt(K, 0):
      _18 = torch.append(s, torch.mul(K, D))
      _19 = torch.append(s, torch.mul(self.classes, K))
      _20 = torch.append(s, K)
    else:
      _21 = torch.append(s, torch.mul(self.classes, D))
    _22 = torch.append(s, self.classes)
    return s

  # The first of the head's pieces.
  def first_of_head(self: __torch__.Student) -> int:
    return torch.add(torch.mul(self.depth, 12), 6)

  # How many layers lie between a piece and the head: L + 1 for the embeddings, 0 for the last norm and the head itself.
  def layers_above(self: __torch__.Student,
    piece: int) -> int:
    out = torch.add(self.depth, 1)
    if torch.ge(piece, 4):
      out = torch.sub(self.depth, torch.floordiv(torch.sub(piece, 4), 12))
    return out

  # Whether a piece is matrices.
  def decays(self: __torch__.Student,
    piece: int) -> bool:
    head = (self).first_of_head()
    out = torch.eq(piece, 0)
    if torch.ge(piece, 4):
      out = torch.lt(torch.remainder(torch.sub(piece, 4), 12), 4)
    if torch.ge(piece, torch.sub(head, 2)):
      out = False
    if torch.ge(piece, head):
      out = torch.eq(piece, head)
      if torch.gt(self.inner, 0):
        out = torch.lt(piece, torch.add(head, 2))
    return out

  # 2. Forward

  # A linear layer, as a convolution with a kernel of one pixel where that is quicker: fp32 products go to MKL, convolutions to oneDNN.
  #
  # inputs (B, N, K), weight (O, K), bias (O) -> (B, N, O)
  def linear(self: __torch__.Student,
    inputs: Tensor,
    weight: Tensor,
    bias: Tensor) -> Tensor:
    if self.convolves:
      image = torch.permute(torch.unsqueeze(inputs, 2), [0, 3, 1, 2])                               # (B, K, N, 1), channels last
      out = torch.conv2d(image, torch.unsqueeze(torch.unsqueeze(weight, 2), 3), bias, [1, 1], [0, 0], [1, 1], 1)
      out = torch.squeeze(torch.permute(out, [0, 2, 3, 1]), 2)
    else:
      out = torch.linear(inputs, weight, bias)
    return out

  # softmax(q k^T / sqrt(d)) v. On a processor libtorch's fused attention does its products in fp32 or in small bf16 blocks, which there are slower than whole ones.
  #
  # queries, keys, values (B, H, N, d) -> (B, H, N, d)
  def attention(self: __torch__.Student,
    q: Tensor,
    k: Tensor,
    v: Tensor) -> Tensor:
    whole = self.bf16
    if ops.prim.is_cuda(q):
      whole = False
    if whole:
      d = torch.size(q, 3)
      scores = torch.matmul(torch.mul(q, torch.pow(float(d), -0.5)), torch.transpose(k, 2, 3))      # (B, H, N, N)
      out = torch.matmul(torch.softmax(scores, -1), v)
    else:
      out = torch.scaled_dot_product_attention(q, k, v)
    return out

  # An encoder layer, for its first tokens alone where the others are not read: keys and values are made of all tokens, everything else of those that are read.
  #
  # pieces of the weights (n), which layer, tokens before it (B, N, D), how many of them are read afterwards R, paths and dropout as for tokens
  #   -> tokens after it (B, R, D)
  def layer(self: __torch__.Student,
    pieces: List[Tensor],
    which: int,
    tokens: Tensor,
    read: int,
    paths: Tensor,
    dropout: float) -> Tensor:
    w = pieces
    H = self.heads
    D = self.dim
    M = self.hidden
    B = torch.size(tokens, 0)
    N = torch.size(tokens, 1)
    d = torch.floordiv(D, H)
    drops = torch.gt(dropout, 0.0)
    skips = torch.gt(torch.dim(paths), 1)
    o = torch.add(torch.mul(which, 12), 4)
    matrix = torch.reshape(w[o], [torch.mul(D, 3), D])
    bias = w[torch.add(o, 6)]
    h = tokens
    a = torch.layer_norm(h, [D], w[torch.add(o, 4)], w[torch.add(o, 5)], self.eps)
    if torch.eq(read, N):
      a = (self).linear(a, matrix, bias, )                                                          # (B, N, 3*D)
      qkv = torch.unbind(torch.permute(torch.reshape(a, [B, N, 3, H, d]), [2, 0, 3, 1, 4]), 0)      # 3 of (B, H, N, d)
      a = (self).attention(qkv[0], qkv[1], qkv[2], )                                                # (B, H, N, d)
    else:
      of_q = torch.narrow(matrix, 0, 0, D)
      of_kv = torch.narrow(matrix, 0, D, torch.mul(D, 2))
      h = torch.narrow(h, 1, 0, read)
      q = (self).linear(torch.narrow(a, 1, 0, read), of_q, torch.narrow(bias, 0, 0, D), )           # (B, R, D)
      q = torch.transpose(torch.reshape(q, [B, read, H, d]), 1, 2)                                  # (B, H, R, d)
      a = (self).linear(a, of_kv, torch.narrow(bias, 0, D, torch.mul(D, 2)), )                      # (B, N, 2*D)
      kv = torch.unbind(torch.permute(torch.reshape(a, [B, N, 2, H, d]), [2, 0, 3, 1, 4]), 0)       # 2 of (B, H, N, d)
      a = (self).attention(q, kv[0], kv[1], )                                                       # (B, H, R, d)
    a = torch.reshape(torch.transpose(a, 1, 2), [B, read, D])
    a = (self).linear(a, torch.reshape(w[torch.add(o, 1)], [D, D]), w[torch.add(o, 7)], )
    if drops:
      a = torch.dropout(a, dropout, True)
    if skips:
      a = torch.mul(a, torch.reshape(torch.select(paths, 0, torch.mul(which, 2)), [B, 1, 1]))
    h = torch.add(h, a)                                                                             # (B, R, D)
    f = torch.layer_norm(h, [D], w[torch.add(o, 8)], w[torch.add(o, 9)], self.eps)
    f = (self).linear(f, torch.reshape(w[torch.add(o, 2)], [M, D]), w[torch.add(o, 10)], )          # (B, R, M)
    f = (self).linear(torch.gelu(f), torch.reshape(w[torch.add(o, 3)], [D, M]), w[torch.add(o, 11)], )
    if drops:
      f = torch.dropout(f, dropout, True)
    if skips:
      f = torch.mul(f, torch.reshape(torch.select(paths, 0, torch.add(torch.mul(which, 2), 1)), [B, 1, 1]))
    return torch.add(h, f)                                                                          # (B, R, D)

  # Dropout (Srivastava et al. 2014) after the embeddings, the projection and the output; stochastic depth (Huang et al. 2016): what a branch adds to an image
  # is multiplied by its place in paths, 0 or 1 over the probability to be kept.
  #
  # pieces of the weights (n), pixels (B, 3, S, S), how many tokens are read R, 1 for the class token alone, paths (2*L, B) or one number for none,
  # share of values that are dropped -> tokens after the last layer (B, R, D), in the precision of the weights
  def tokens(self: __torch__.Student,
    pieces: List[Tensor],
    pixels: Tensor,
    read: int,
    paths: Tensor,
    dropout: float) -> Tensor:
    w = pieces
    P = self.patch
    D = self.dim
    B = torch.size(pixels, 0)
    G = torch.floordiv(self.side, P)
    N = (self).count()
    K = torch.mul(torch.mul(P, P), 3)
    x = torch.reshape(torch.to(pixels, ops.prim.dtype(w[0])), [B, 3, G, P, G, P])
    x = torch.reshape(torch.permute(x, [0, 2, 4, 1, 3, 5]), [B, torch.mul(G, G), K])                # (B, G*G, 3*P*P)
    x = (self).linear(x, torch.reshape(w[0], [D, K]), w[1], )                                       # (B, G*G, D)
    token = torch.expand(torch.reshape(w[2], [1, 1, D]), [B, 1, D])
    h = torch.add(torch.cat([token, x], 1), torch.reshape(w[3], [1, N, D]))                         # (B, N, D)
    keep = torch.to(paths, ops.prim.dtype(w[0]))
    if torch.gt(dropout, 0.0):
      h = torch.dropout(h, dropout, True)
    last = torch.sub(self.depth, 1)
    for l in range(last):
      h = (self).layer(w, l, h, N, keep, dropout, )
    return (self).layer(w, last, h, read, keep, dropout, )

  # any tokens (..., D) -> the same after the last norm
  def last_norm(self: __torch__.Student,
    pieces: List[Tensor],
    tokens: Tensor) -> Tensor:
    e = (self).first_of_head()
    return torch.layer_norm(tokens, [self.dim], pieces[torch.sub(e, 2)], pieces[torch.sub(e, 1)], self.eps)

  # tokens (B, N, D) -> those of the patches after the last norm (B, G*G, D)
  def of_patches(self: __torch__.Student,
    pieces: List[Tensor],
    tokens: Tensor) -> Tensor:
    return (self).last_norm(pieces, torch.narrow(tokens, 1, 1, torch.sub(torch.size(tokens, 1), 1)), )

  # pieces, pixels, paths and dropout as for tokens -> what the head reads (B, D): the class token or the mean of the patches, after the last norm
  def features(self: __torch__.Student,
    pieces: List[Tensor],
    pixels: Tensor,
    paths: Tensor,
    dropout: float) -> Tensor:
    if self.mean:
      all = (self).tokens(pieces, pixels, (self).count(), paths, dropout, )
      out = torch.mean((self).of_patches(pieces, all, ), [1])
    else:
      token = (self).tokens(pieces, pixels, 1, paths, dropout, )
      out = (self).last_norm(pieces, torch.select(token, 1, 0), )
    return out

  # features (..., D) -> logits (..., C), fp32
  def head(self: __torch__.Student,
    pieces: List[Tensor],
    features: Tensor) -> Tensor:
    h = (self).first_of_head()
    K = self.inner
    x = features
    if torch.gt(K, 0):
      x = torch.linear(x, torch.reshape(pieces[h], [K, self.dim]), pieces[torch.add(h, 2)])         # (B, K)
      if self.tanh:
        # x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))); gelu's own argument for it is unknown to the version of serialized TorchScript in use.
        cubic = torch.add(x, torch.mul(torch.mul(torch.mul(x, x), x), 0.044715))
        x = torch.mul(torch.mul(x, 0.5), torch.add(torch.tanh(torch.mul(cubic, 0.7978845608028654)), 1.0))
      else:
        x = torch.gelu(x)
      x = torch.linear(x, torch.reshape(pieces[torch.add(h, 1)], [self.classes, K]), pieces[torch.add(h, 3)])
    else:
      x = torch.linear(x, torch.reshape(pieces[h], [self.classes, self.dim]), pieces[torch.add(h, 1)])
    return torch.to(x, 6)

  # as for features -> logits (B, C)
  def answers(self: __torch__.Student,
    pieces: List[Tensor],
    pixels: Tensor,
    paths: Tensor,
    dropout: float) -> Tensor:
    return (self).head(pieces, (self).features(pieces, pixels, paths, dropout, ), )

  # 3. Patches

  # pixels (B, 3, S, S) -> probabilities of each patch (B, G*G, C), where the head reads their mean
  def patches(self: __torch__.Student,
    pixels: Tensor) -> Tensor:
    return torch.softmax((self).patch_logits(pixels, ), -1)

  # pixels (B, 3, S, S) -> logits of each patch (B, G*G, C), row by row; their mean is the image's where the head is linear
  def patch_logits(self: __torch__.Student,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    return (self).head(w, (self).of_patches(w, (self).tokens(w, pixels, (self).count(), torch.zeros([1]), 0.0, ), ), )
