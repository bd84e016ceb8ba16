# A Vision Transformer with its training step, in serialized TorchScript.
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
class ViT(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : List[Tensor]         # [weights (n)]
  ema : List[Tensor]       # [moving average of the weights (n)], unused where there is none
  m : List[Tensor]         # [first moment (n)]
  v : List[Tensor]         # [second moment (n)]
  g : List[Tensor]         # gradients gathered since the last update, one for each piece of the weights that learns
  room : List[Tensor]      # [where gradients of another precision lie (n)]
  cast : List[Tensor]      # [weights as inference uses them (n)]
  part_w : List[Tensor]    # What the fused optimizer works on; attributes, because it would be optimised away on local lists.
  part_m : List[Tensor]
  part_v : List[Tensor]
  part_g : List[Tensor]
  part_t : List[Tensor]
  side : int
  patch : int
  dim : int
  depth : int
  heads : int
  hidden : int
  inner : int
  tanh : bool
  mean : bool              # whether the head reads the mean of the patches
  classes : int
  eps : float
  bf16 : bool
  averages : bool

  # 1. The vector of weights

  # Lengths of the pieces that the forward pass uses, in order: 4 + 12 * L + 2, then the head's 2 or 4.
  def pieces(self: __torch__.ViT) -> List[int]:
    D = self.dim
    M = self.hidden
    grid = torch.floordiv(self.side, self.patch)
    N = torch.add(torch.mul(grid, grid), 1)
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
  def first_of_head(self: __torch__.ViT) -> int:
    return torch.add(torch.mul(self.depth, 12), 6)

  # How far a piece is from the head: 0 embeddings, 1 to L layers, L + 1 last norm, L + 2 head.
  def level(self: __torch__.ViT,
    piece: int) -> int:
    out = 0
    if torch.ge(piece, 4):
      out = torch.add(torch.floordiv(torch.sub(piece, 4), 12), 1)
    if torch.ge(piece, (self).first_of_head()):
      out = torch.add(self.depth, 2)
    return out

  # Whether a piece is matrices.
  def decays(self: __torch__.ViT,
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

  # Dropout (Srivastava et al. 2014) after the embeddings, the projection and the output; stochastic depth (Huang et al. 2016): what a branch adds to an image
  # is multiplied by its place in paths, 0 or 1 over the probability to be kept.
  #
  # pieces of the weights (n), pixels (B, 3, S, S), paths (2*L, B) or one number for none, share of values that are dropped
  #   -> tokens after the last layer (B, N, D), in the precision of the weights
  def tokens(self: __torch__.ViT,
    pieces: List[Tensor],
    pixels: Tensor,
    paths: Tensor,
    dropout: float) -> Tensor:
    w = pieces
    P = self.patch
    H = self.heads
    D = self.dim
    M = self.hidden
    B = torch.size(pixels, 0)
    G = torch.floordiv(self.side, P)
    d = torch.floordiv(D, H)
    N = torch.add(torch.mul(G, G), 1)
    K = torch.mul(torch.mul(P, P), 3)
    x = torch.reshape(torch.to(pixels, ops.prim.dtype(w[0])), [B, 3, G, P, G, P])
    x = torch.reshape(torch.permute(x, [0, 2, 4, 1, 3, 5]), [B, torch.mul(G, G), K])               # (B, G*G, 3*P*P)
    x = torch.linear(x, torch.reshape(w[0], [D, K]), w[1])                                          # (B, G*G, D)
    token = torch.expand(torch.reshape(w[2], [1, 1, D]), [B, 1, D])
    h = torch.add(torch.cat([token, x], 1), torch.reshape(w[3], [1, N, D]))                         # (B, N, D)
    drops = torch.gt(dropout, 0.0)
    skips = torch.gt(torch.dim(paths), 1)
    keep = torch.to(paths, ops.prim.dtype(w[0]))
    if drops:
      h = torch.dropout(h, dropout, True)
    for l in range(self.depth):
      o = torch.add(torch.mul(l, 12), 4)
      a = torch.layer_norm(h, [D], w[torch.add(o, 4)], w[torch.add(o, 5)], self.eps)
      a = torch.linear(a, torch.reshape(w[o], [torch.mul(D, 3), D]), w[torch.add(o, 6)])            # (B, N, 3*D)
      qkv = torch.unbind(torch.permute(torch.reshape(a, [B, N, 3, H, d]), [2, 0, 3, 1, 4]), 0)      # 3 of (B, H, N, d)
      a = torch.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2])                                # (B, H, N, d)
      a = torch.reshape(torch.transpose(a, 1, 2), [B, N, D])
      a = torch.linear(a, torch.reshape(w[torch.add(o, 1)], [D, D]), w[torch.add(o, 7)])
      if drops:
        a = torch.dropout(a, dropout, True)
      if skips:
        a = torch.mul(a, torch.reshape(torch.select(keep, 0, torch.mul(l, 2)), [B, 1, 1]))
      h = torch.add(h, a)                                                                           # (B, N, D)
      f = torch.layer_norm(h, [D], w[torch.add(o, 8)], w[torch.add(o, 9)], self.eps)
      f = torch.linear(f, torch.reshape(w[torch.add(o, 2)], [M, D]), w[torch.add(o, 10)])           # (B, N, M)
      f = torch.linear(torch.gelu(f), torch.reshape(w[torch.add(o, 3)], [D, M]), w[torch.add(o, 11)])
      if drops:
        f = torch.dropout(f, dropout, True)
      if skips:
        f = torch.mul(f, torch.reshape(torch.select(keep, 0, torch.add(torch.mul(l, 2), 1)), [B, 1, 1]))
      h = torch.add(h, f)                                                                           # (B, N, D)
    return h

  # any tokens (..., D) -> the same after the last norm
  def last_norm(self: __torch__.ViT,
    pieces: List[Tensor],
    tokens: Tensor) -> Tensor:
    e = (self).first_of_head()
    return torch.layer_norm(tokens, [self.dim], pieces[torch.sub(e, 2)], pieces[torch.sub(e, 1)], self.eps)

  # tokens (B, N, D) -> those of the patches after the last norm (B, G*G, D)
  def of_patches(self: __torch__.ViT,
    pieces: List[Tensor],
    tokens: Tensor) -> Tensor:
    return (self).last_norm(pieces, torch.narrow(tokens, 1, 1, torch.sub(torch.size(tokens, 1), 1)), )

  # as for tokens -> what the head reads (B, D): the class token or the mean of the patches, after the last norm
  def features(self: __torch__.ViT,
    pieces: List[Tensor],
    pixels: Tensor,
    paths: Tensor,
    dropout: float) -> Tensor:
    h = (self).tokens(pieces, pixels, paths, dropout, )
    if self.mean:
      out = torch.mean((self).of_patches(pieces, h, ), [1])
    else:
      out = (self).last_norm(pieces, torch.select(h, 1, 0), )
    return out

  # features (..., D) -> logits (..., C), fp32
  def head(self: __torch__.ViT,
    pieces: List[Tensor],
    features: Tensor) -> Tensor:
    h = (self).first_of_head()
    K = self.inner
    x = features
    if torch.gt(K, 0):
      x = torch.linear(x, torch.reshape(pieces[h], [K, self.dim]), pieces[torch.add(h, 2)])                 # (B, K)
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

  def precision(self: __torch__.ViT,
    weights: Tensor) -> Tensor:
    out = weights
    if self.bf16:
      out = torch.to(weights, 15)
    return out

  # 3. Inference

  # [weights (n)] -> what forward uses
  def load(self: __torch__.ViT,
    weights: List[Tensor]) -> Tensor:
    torch.clear(self.cast)
    _0 = torch.append(self.cast, torch.clone((self).precision(weights[0], )))
    return torch.zeros([1])

  # Uses the moving average of the training from here on, or the weights where there is none.
  def load_average(self: __torch__.ViT) -> Tensor:
    torch.clear(self.cast)
    source = self.w[0]
    if self.averages:
      source = self.ema[0]
    _0 = torch.append(self.cast, torch.clone((self).precision(source, )))
    return torch.zeros([1])

  # pixels (B, 3, S, S) -> probabilities (B, C)
  def forward(self: __torch__.ViT,
    pixels: Tensor) -> Tensor:
    return torch.softmax((self).logits(pixels, ), -1)

  # pixels (B, 3, S, S) -> logits (B, C)
  def logits(self: __torch__.ViT,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    return (self).head(w, (self).features(w, pixels, torch.zeros([1]), 0.0, ), )

  # pixels (B, 3, S, S) -> probabilities of each patch (B, G*G, C), where the head reads their mean
  def patches(self: __torch__.ViT,
    pixels: Tensor) -> Tensor:
    return torch.softmax((self).patch_logits(pixels, ), -1)

  # pixels (B, 3, S, S) -> logits of each patch (B, G*G, C), row by row; their mean is the image's where the head is linear
  def patch_logits(self: __torch__.ViT,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    return (self).head(w, (self).of_patches(w, (self).tokens(w, pixels, torch.zeros([1]), 0.0, ), ), )

  # 4. Training

  # [weights (n)] -> where training begins. Each zeros_like takes another tensor: equal calls would be merged into one tensor.
  def begin(self: __torch__.ViT,
    weights: List[Tensor]) -> Tensor:
    torch.clear(self.w)
    torch.clear(self.ema)
    torch.clear(self.m)
    torch.clear(self.v)
    torch.clear(self.g)
    torch.clear(self.room)
    torch.clear(self.part_t)
    _0 = torch.append(self.w, torch.clone(torch.detach(weights[0])))
    if self.averages:
      _1 = torch.append(self.ema, torch.clone(torch.detach(weights[0])))
    _2 = torch.append(self.m, torch.zeros_like(self.w[0]))
    _3 = torch.append(self.v, torch.zeros_like(self.m[0]))
    if self.bf16:
      _4 = torch.append(self.room, torch.zeros_like(self.v[0]))
    _5 = torch.append(self.part_t, torch.zeros_like(torch.select(self.w[0], 0, 0)))
    return torch.zeros([1])

  # One vector (n) of the state that training goes on from, after begin: 1 average, 2 first moment, 3 second moment.
  def resume(self: __torch__.ViT,
    vector: Tensor,
    which: Tensor) -> Tensor:
    place = int(which)
    if torch.eq(place, 1):
      if self.averages:
        _0 = torch.copy_(self.ema[0], vector)
    else:
      if torch.eq(place, 2):
        _1 = torch.copy_(self.m[0], vector)
      else:
        _2 = torch.copy_(self.v[0], vector)
    return torch.zeros([1])

  # Moments of 0, for another stage.
  def restart(self: __torch__.ViT) -> Tensor:
    _0 = torch.zero_(self.m[0])
    _1 = torch.zero_(self.v[0])
    return torch.zeros([1])

  # [weights, average, first moment, second moment], (n) each. It shares its storage with the program: read it before the next update.
  def state(self: __torch__.ViT) -> List[Tensor]:
    average = self.w[0]
    if self.averages:
      average = self.ema[0]
    return [self.w[0], average, self.m[0], self.v[0]]

  # The gradients gathered since the last update, one behind the other.
  def gradient(self: __torch__.ViT) -> Tensor:
    flat = annotate(List[Tensor], [])
    for p in self.g:
      _0 = torch.append(flat, torch.reshape(p, [-1]))
    return torch.cat(flat, 0)

  # Cross-entropy against soft targets, sum_c -y_c log softmax(z / T)_c, T^2 times as steep (Hinton et al. 2015), averaged over the batch; gathers its gradient.
  # Its gradient is that of the Kullback-Leibler divergence, which differs by the entropy of the targets.
  #
  # Each piece of the weights is a leaf of its own, cast once. Its gradient is kept as it comes, or in its place in the room where it has another precision.
  #
  # pixels (B, 3, S, S), targets (B, C), paths as for features,
  # how [0 share of this batch in the update, 1 temperature T, 2 head only, 3 first of its update, 4 dropout] -> loss (1)
  def accumulate(self: __torch__.ViT,
    pixels: Tensor,
    targets: Tensor,
    paths: Tensor,
    how: Tensor) -> Tensor:
    sizes = (self).pieces()
    w = torch.split_with_sizes((self).precision(self.w[0], ), sizes)
    head_only = torch.gt(float(torch.select(how, 0, 2)), 0.5)
    first = torch.gt(float(torch.select(how, 0, 3)), 0.5)
    from_piece = 0
    if head_only:
      from_piece = (self).first_of_head()
    if first:
      torch.clear(self.g)
    leaves = annotate(List[Tensor], [])
    moving = annotate(List[Tensor], [])
    for i in range(torch.len(sizes)):
      leaf = torch.detach(w[i])
      if torch.ge(i, from_piece):
        leaf = torch.requires_grad_(leaf, True)
        _1 = torch.append(moving, leaf)
      _2 = torch.append(leaves, leaf)
    features = (self).features(leaves, pixels, paths, float(torch.select(how, 0, 4)), )
    T = float(torch.select(how, 0, 1))
    log_p = torch.log_softmax(torch.div((self).head(leaves, features, ), T), -1)                    # (B, C)
    loss = torch.mul(torch.neg(torch.mean(torch.sum(torch.mul(targets, log_p), [-1]))), torch.mul(T, T))
    gradients = torch.autograd.grad([torch.mul(loss, float(torch.select(how, 0, 0)))], moving)
    begin = 0
    for i in range(torch.len(sizes)):
      if torch.ge(i, from_piece):
        gradient = unchecked_cast(Tensor, gradients[torch.sub(i, from_piece)])
        if first:
          if self.bf16:
            _0 = torch.append(self.g, torch.copy_(torch.narrow(self.room[0], 0, begin, sizes[i]), gradient))
          else:
            _3 = torch.append(self.g, gradient)
        else:
          _4 = torch.add_(self.g[torch.sub(i, from_piece)], gradient)
      begin = torch.add(begin, sizes[i])
    return torch.reshape(torch.detach(loss), [1])

  # One step of the optimizer with what was gathered, unless the gradient is not finite: then nothing moves.
  #
  # how [0 learning rate, 1 step from 1, 2 largest global norm, 3 beta 1, 4 beta 2, 5 epsilon, 6 weight decay, 7 layer decay, 8 decay of the average,
  #      9 rectified] -> global norm of the gradient before clipping (1)
  def update(self: __torch__.ViT,
    how: Tensor) -> Tensor:
    norms = annotate(List[Tensor], [])
    for p in self.g:
      _3 = torch.append(norms, torch.linalg_vector_norm(p))
    norm = torch.linalg_vector_norm(torch.stack(norms))
    if bool(torch.isfinite(norm)):
      # The gradient divided by this has at most the largest norm.
      over = torch.clamp_min(torch.div(torch.add(norm, 1.0e-6), float(torch.select(how, 0, 2))), 1.0)
      if torch.gt(float(torch.select(how, 0, 9)), 0.5):
        _0 = (self).radam(how, over, )
      else:
        _1 = (self).adamw(how, over, )
      if self.averages:
        _2 = torch.lerp_(self.ema[0], self.w[0], torch.sub(1.0, float(torch.select(how, 0, 8))))
    return torch.reshape(norm, [1])

  # AdamW with decoupled decay (Loshchilov and Hutter 2019); the learning rate falls by the layer decay from the head down to the embeddings.
  def adamw(self: __torch__.ViT,
    how: Tensor,
    over: Tensor) -> Tensor:
    sizes = (self).pieces()
    scale = annotate(Optional[Tensor], None)
    if torch.gt(float(over), 1.0):
      scale = over
    from_piece = torch.sub(torch.len(sizes), torch.len(self.g))
    begin = 0
    _0 = torch.fill_(self.part_t[0], float(torch.select(how, 0, 1)))
    for i in range(torch.len(sizes)):
      n = sizes[i]
      if torch.ge(i, from_piece):
        below = float(ops.prim.max(torch.sub(torch.add(self.depth, 1), (self).level(i, )), 0))
        lr = torch.mul(float(torch.select(how, 0, 0)), torch.pow(float(torch.select(how, 0, 7)), below))
        decay = 0.0
        if (self).decays(i, ):
          decay = float(torch.select(how, 0, 6))
        torch.clear(self.part_w)
        torch.clear(self.part_m)
        torch.clear(self.part_v)
        torch.clear(self.part_g)
        _1 = torch.append(self.part_w, torch.narrow(self.w[0], 0, begin, n))
        _2 = torch.append(self.part_m, torch.narrow(self.m[0], 0, begin, n))
        _3 = torch.append(self.part_v, torch.narrow(self.v[0], 0, begin, n))
        _4 = torch.append(self.part_g, self.g[torch.sub(i, from_piece)])
        _5 = torch._fused_adamw_(self.part_w, self.part_g, self.part_m, self.part_v, annotate(List[Tensor], []), self.part_t, lr=lr, beta1=float(torch.select(how, 0, 3)), beta2=float(torch.select(how, 0, 4)), weight_decay=decay, eps=float(torch.select(how, 0, 5)), amsgrad=False, maximize=False, grad_scale=scale)
      begin = torch.add(begin, n)
    return self.part_t[0]

  # RAdam (Liu et al. 2020), as published for the paper's students; no decay.
  def radam(self: __torch__.ViT,
    how: Tensor,
    over: Tensor) -> Tensor:
    lr = float(torch.select(how, 0, 0))
    t = float(torch.select(how, 0, 1))
    beta1 = float(torch.select(how, 0, 3))
    beta2 = float(torch.select(how, 0, 4))
    n = torch.size(self.w[0], 0)
    g = (self).gradient()
    begin = torch.sub(n, torch.size(g, 0))
    m = torch.narrow(self.m[0], 0, begin, torch.sub(n, begin))
    v = torch.narrow(self.v[0], 0, begin, torch.sub(n, begin))
    w = torch.narrow(self.w[0], 0, begin, torch.sub(n, begin))
    if torch.gt(float(over), 1.0):
      _4 = torch.div_(g, over)
    _0 = torch.lerp_(m, g, torch.sub(1.0, beta1))
    _1 = torch.addcmul_(torch.mul_(v, beta2), g, g, value=torch.sub(1.0, beta2))
    left1 = torch.sub(1.0, torch.pow(beta1, t))
    left2 = torch.sub(1.0, torch.pow(beta2, t))
    longest = torch.sub(torch.div(2.0, torch.sub(1.0, beta2)), 1.0)
    length = torch.sub(longest, torch.div(torch.mul(torch.mul(2.0, t), torch.pow(beta2, t)), left2))
    if torch.gt(length, 5.0):
      up = torch.mul(torch.mul(torch.sub(length, 4.0), torch.sub(length, 2.0)), longest)
      down = torch.mul(torch.mul(torch.sub(longest, 4.0), torch.sub(longest, 2.0)), length)
      step = torch.div(torch.mul(torch.mul(lr, torch.sqrt(torch.div(up, down))), torch.sqrt(left2)), left1)
      _2 = torch.addcdiv_(w, m, torch.add(torch.sqrt(v), float(torch.select(how, 0, 5))), value=torch.neg(step))
    else:
      _3 = torch.add_(w, m, alpha=torch.neg(torch.div(lr, left1)))
    return self.part_t[0]
