  # What students have in common whatever their network, in serialized TorchScript: it goes on where vit.py or convnet.py ends, which has
  #
  #   pieces           lengths of the pieces of the vector of weights, in order
  #   first_of_head    the first piece of what learns where only the head does
  #   layers_above     how many layers lie between a piece and the head
  #   decays           whether a piece is matrices
  #   answers          the forward pass, from pieces of the weights and pixels to logits
  #
  # B images, S side, C classes, n weights, all of them one vector.
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : List[Tensor]         # [weights (n)]
  ema : List[Tensor]       # [moving average of the weights (n)], unused where there is none
  m : List[Tensor]         # [first moment (n)]
  v : List[Tensor]         # [second moment (n)]
  g : List[Tensor]         # gradients gathered since the last update, one for each piece of the weights that learns
  room : List[Tensor]      # [where gradients of another precision lie (n)]
  half : List[Tensor]      # [weights in that precision, as a step uses them (n)]: kept, since new memory costs more than the cast
  cast : List[Tensor]      # [weights as inference uses them (n)]
  part_w : List[Tensor]    # What the fused optimizer works on; attributes, because it would be optimised away on local lists.
  part_m : List[Tensor]
  part_v : List[Tensor]
  part_g : List[Tensor]
  part_t : List[Tensor]
  classes : int
  bf16 : bool
  averages : bool

  def precision(self: __torch__.Student,
    weights: Tensor) -> Tensor:
    out = weights
    if self.bf16:
      out = torch.to(weights, 15)
    return out

  # 1. Inference

  # [weights (n)] -> what forward uses
  def load(self: __torch__.Student,
    weights: List[Tensor]) -> Tensor:
    torch.clear(self.cast)
    _0 = torch.append(self.cast, torch.clone((self).precision(weights[0], )))
    return torch.zeros([1])

  # Uses the moving average of the training from here on, or the weights where there is none.
  def load_average(self: __torch__.Student) -> Tensor:
    torch.clear(self.cast)
    source = self.w[0]
    if self.averages:
      source = self.ema[0]
    _0 = torch.append(self.cast, torch.clone((self).precision(source, )))
    return torch.zeros([1])

  # pixels (B, 3, S, S) -> probabilities (B, C)
  def forward(self: __torch__.Student,
    pixels: Tensor) -> Tensor:
    return torch.softmax((self).logits(pixels, ), -1)

  # pixels (B, 3, S, S) -> logits (B, C)
  def logits(self: __torch__.Student,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    return (self).answers(w, pixels, torch.zeros([1]), 0.0, )

  # 2. Training

  # [weights (n)] -> where training begins. Each zeros_like takes another tensor: equal calls would be merged into one tensor.
  def begin(self: __torch__.Student,
    weights: List[Tensor]) -> Tensor:
    torch.clear(self.w)
    torch.clear(self.ema)
    torch.clear(self.m)
    torch.clear(self.v)
    torch.clear(self.g)
    torch.clear(self.room)
    torch.clear(self.half)
    torch.clear(self.part_t)
    _0 = torch.append(self.w, torch.clone(torch.detach(weights[0])))
    if self.averages:
      _1 = torch.append(self.ema, torch.clone(torch.detach(weights[0])))
    _2 = torch.append(self.m, torch.zeros_like(self.w[0]))
    _3 = torch.append(self.v, torch.zeros_like(self.m[0]))
    if self.bf16:
      _4 = torch.append(self.room, torch.zeros_like(self.v[0]))
      _6 = torch.append(self.half, torch.to(self.w[0], 15))
    _5 = torch.append(self.part_t, torch.zeros_like(torch.select(self.w[0], 0, 0)))
    return torch.zeros([1])

  # One vector (n) of the state that training goes on from, after begin: 1 average, 2 first moment, 3 second moment.
  def resume(self: __torch__.Student,
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
  def restart(self: __torch__.Student) -> Tensor:
    _0 = torch.zero_(self.m[0])
    _1 = torch.zero_(self.v[0])
    return torch.zeros([1])

  # [weights, average, first moment, second moment], (n) each. It shares its storage with the program: read it before the next update.
  def state(self: __torch__.Student) -> List[Tensor]:
    average = self.w[0]
    if self.averages:
      average = self.ema[0]
    return [self.w[0], average, self.m[0], self.v[0]]

  # The gradients gathered since the last update, one behind the other.
  def gradient(self: __torch__.Student) -> Tensor:
    flat = annotate(List[Tensor], [])
    for p in self.g:
      _0 = torch.append(flat, torch.reshape(p, [-1]))
    return torch.cat(flat, 0)

  # Cross-entropy against soft targets, sum_c -y_c log softmax(z / T)_c, T^2 times as steep (Hinton et al. 2015), averaged over the batch; gathers its gradient.
  # Its gradient is that of the Kullback-Leibler divergence, which differs by the entropy of the targets.
  #
  # Each piece of the weights is a leaf of its own, cast once. Its gradient is kept as it comes, or in its place in the room where it has another precision.
  #
  # pixels (B, 3, S, S), targets (B, C), paths as for answers,
  # how [0 share of this batch in the update, 1 temperature T, 2 head only, 3 first of its update, 4 dropout] -> loss (1)
  def accumulate(self: __torch__.Student,
    pixels: Tensor,
    targets: Tensor,
    paths: Tensor,
    how: Tensor) -> Tensor:
    sizes = (self).pieces()
    weights = self.w[0]
    if self.bf16:
      weights = torch.copy_(self.half[0], self.w[0])
    w = torch.split_with_sizes(weights, sizes)
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
    z = (self).answers(leaves, pixels, paths, float(torch.select(how, 0, 4)), )
    T = float(torch.select(how, 0, 1))
    log_p = torch.log_softmax(torch.div(z, T), -1)                                                  # (B, C)
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
  def update(self: __torch__.Student,
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

  # AdamW with decoupled decay (Loshchilov and Hutter 2019); the learning rate falls by the layer decay from the head down to the first layer.
  def adamw(self: __torch__.Student,
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
        lr = torch.mul(float(torch.select(how, 0, 0)), torch.pow(float(torch.select(how, 0, 7)), float((self).layers_above(i, ))))
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

  # RAdam (Liu et al. 2020), as published for the paper's students; no decay. Piece by piece, so that what an operation leaves is near when the next one reads it.
  def radam(self: __torch__.Student,
    how: Tensor,
    over: Tensor) -> Tensor:
    sizes = (self).pieces()
    clips = torch.gt(float(over), 1.0)
    lr = float(torch.select(how, 0, 0))
    t = float(torch.select(how, 0, 1))
    beta1 = float(torch.select(how, 0, 3))
    beta2 = float(torch.select(how, 0, 4))
    left1 = torch.sub(1.0, torch.pow(beta1, t))
    left2 = torch.sub(1.0, torch.pow(beta2, t))
    longest = torch.sub(torch.div(2.0, torch.sub(1.0, beta2)), 1.0)
    length = torch.sub(longest, torch.div(torch.mul(torch.mul(2.0, t), torch.pow(beta2, t)), left2))
    rectified = torch.gt(length, 5.0)
    step = torch.div(lr, left1)
    if rectified:
      up = torch.mul(torch.mul(torch.sub(length, 4.0), torch.sub(length, 2.0)), longest)
      down = torch.mul(torch.mul(torch.sub(longest, 4.0), torch.sub(longest, 2.0)), length)
      step = torch.div(torch.mul(torch.mul(lr, torch.sqrt(torch.div(up, down))), torch.sqrt(left2)), left1)
    from_piece = torch.sub(torch.len(sizes), torch.len(self.g))
    begin = 0
    for i in range(torch.len(sizes)):
      n = sizes[i]
      if torch.ge(i, from_piece):
        m = torch.narrow(self.m[0], 0, begin, n)
        v = torch.narrow(self.v[0], 0, begin, n)
        w = torch.narrow(self.w[0], 0, begin, n)
        g = self.g[torch.sub(i, from_piece)]
        if clips:
          _4 = torch.div_(g, over)
        _0 = torch.lerp_(m, g, torch.sub(1.0, beta1))
        _1 = torch.addcmul_(torch.mul_(v, beta2), g, g, value=torch.sub(1.0, beta2))
        if rectified:
          _2 = torch.addcdiv_(w, m, torch.add(torch.sqrt(v), float(torch.select(how, 0, 5))), value=torch.neg(step))
        else:
          _3 = torch.add_(w, m, alpha=torch.neg(step))
      begin = torch.add(begin, n)
    return self.part_t[0]
