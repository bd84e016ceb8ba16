# The predecessors' convolutional networks with their training step, in serialized TorchScript.
#
# VGG-19 (Simonyan and Zisserman, ICLR 2015, configuration E), AlexNet (Krizhevsky et al. 2012) and its variant of Caffe, CaffeNet (Jia et al. 2014). Both of the latter have
# five convolutions, of which the second, fourth and fifth see half of the channels each (two groups), and local response normalisation: AlexNet normalises before it pools,
# CaffeNet after. Pooling covers the last, incomplete window too, as Caffe's does.
#
# B images, S side, K cells of the last grid, n channels, C classes.
#
# All weights are one vector, as in vit.py. Its order: for each layer from the image up (the convolutions, then fc6, fc7, fc8) its weight, a matrix, and its bias. A
# convolution's weight is (channels out, channels in of a group, k, k), that of fc6 (dense6, width5*K*K). Matrices decay, biases do not.
class ConvNet(Module):
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
  vgg : bool
  norm_first : bool
  seen : int
  cells : int
  width1 : int
  width2 : int
  width3 : int
  width4 : int
  width5 : int
  dense6 : int
  dense7 : int
  classes : int
  bf16 : bool
  averages : bool

  # 1. The vector of weights

  # Each convolution: channels out, channels in of a group, width of its kernel.
  def convolutions(self: __torch__.ConvNet) -> List[int]:
    widths = [self.width1, self.width2, self.width3, self.width4, self.width5]
    convs = [1, 1, 1, 1, 1]
    groups = [1, 2, 1, 2, 2]
    kernels = [11, 5, 3, 3, 3]
    if self.vgg:
      convs = [2, 2, 4, 4, 4]
      groups = [1, 1, 1, 1, 1]
      kernels = [3, 3, 3, 3, 3]
    s = annotate(List[int], [])
    before = 3
    for block in range(5):
      for i in range(convs[block]):
        _0 = torch.append(s, widths[block])
        _1 = torch.append(s, torch.floordiv(before, groups[block]))
        _2 = torch.append(s, kernels[block])
        before = widths[block]
    return s

  # Lengths of weight and bias of each layer, in order.
  def pieces(self: __torch__.ConvNet) -> List[int]:
    c = (self).convolutions()
    s = annotate(List[int], [])
    for i in range(torch.floordiv(torch.len(c), 3)):
      o = torch.mul(i, 3)
      k = c[torch.add(o, 2)]
      _0 = torch.append(s, torch.mul(torch.mul(c[o], c[torch.add(o, 1)]), torch.mul(k, k)))
      _1 = torch.append(s, c[o])
    _2 = torch.append(s, torch.mul(torch.mul(self.dense6, self.width5), torch.mul(self.cells, self.cells)))
    _3 = torch.append(s, self.dense6)
    _4 = torch.append(s, torch.mul(self.dense7, self.dense6))
    _5 = torch.append(s, self.dense7)
    _6 = torch.append(s, torch.mul(self.classes, self.dense7))
    _7 = torch.append(s, self.classes)
    return s

  # The first piece of the fully connected layers: they alone learn where only the head does.
  def first_of_head(self: __torch__.ConvNet) -> int:
    return torch.mul(torch.floordiv(torch.len((self).convolutions()), 3), 2)

  # 2. Forward

  # Local response normalisation over 5 neighbouring channels: x / (1 + 1e-4 / 5 * sum of their squares)^0.75. (B, n, H, W) -> the same
  #
  # libtorch differentiates the first call of a program otherwise than later ones: it multiplies the gradient of a power, and adds up the three of x in x * x * y, in
  # another order, and a run that goes on from a checkpoint would leave the one that was never stopped. Of square, exp and log1p both give the same bits.
  def normalised(self: __torch__.ConvNet,
    x: Tensor) -> Tensor:
    n = torch.size(x, 1)
    squares = torch.constant_pad_nd(torch.square(x), [0, 0, 0, 0, 2, 2], 0.0)                       # (B, n + 4, H, W)
    around = torch.narrow(squares, 1, 0, n)
    for i in range(4):
      around = torch.add(around, torch.narrow(squares, 1, torch.add(i, 1), n))
    return torch.mul(x, torch.exp(torch.mul(torch.log1p(torch.mul(around, 2.0000000000000002e-05)), -0.75)))

  # The largest value of each k by k window, every other value, also of the window that the border cuts. (B, n, H, W) -> (B, n, about H/2, about W/2)
  def pooled(self: __torch__.ConvNet,
    x: Tensor,
    k: int) -> Tensor:
    return torch.max_pool2d(x, [k, k], [2, 2], [0, 0], [1, 1], True)

  # The middle of what is shown. (B, 3, S, S) -> (B, 3, seen, seen)
  def middle(self: __torch__.ConvNet,
    pixels: Tensor) -> Tensor:
    from_ = torch.floordiv(torch.sub(torch.size(pixels, 2), self.seen), 2)
    return torch.narrow(torch.narrow(pixels, 2, from_, self.seen), 3, from_, self.seen)

  # pieces of the weights, pixels (B, 3, S, S) -> the last grid (B, width5, K, K) where S is seen, a larger one where it is more
  def features(self: __torch__.ConvNet,
    pieces: List[Tensor],
    pixels: Tensor) -> Tensor:
    c = (self).convolutions()
    last = torch.sub(torch.floordiv(torch.len(c), 3), 1)
    strides = [4, 1, 1, 1, 1]
    pads = [0, 2, 1, 1, 1]
    groups = [1, 2, 1, 2, 2]
    x = torch.to(pixels, ops.prim.dtype(pieces[0]))
    for i in range(torch.add(last, 1)):
      o = torch.mul(i, 3)
      k = c[torch.add(o, 2)]
      weight = torch.reshape(pieces[torch.mul(i, 2)], [c[o], c[torch.add(o, 1)], k, k])
      bias = pieces[torch.add(torch.mul(i, 2), 1)]
      if self.vgg:
        x = torch.relu(torch.conv2d(x, weight, bias, [1, 1], [1, 1], [1, 1], 1))                    # (B, n, H, W)
        if torch.__contains__([1, 3, 7, 11, 15], i):
          x = (self).pooled(x, 2, )                                                                 # (B, n, H/2, W/2)
      else:
        x = torch.relu(torch.conv2d(x, weight, bias, [strides[i], strides[i]], [pads[i], pads[i]], [1, 1], groups[i]))
        if torch.lt(i, 2):
          if self.norm_first:
            x = (self).pooled((self).normalised(x, ), 3, )
          else:
            x = (self).normalised((self).pooled(x, 3, ), )
        else:
          if torch.eq(i, last):
            x = (self).pooled(x, 3, )
    return x

  # The fully connected layers. The last grid (B, width5, K, K), share of the values of fc6 and fc7 that are dropped -> logits (B, C), fp32
  def head(self: __torch__.ConvNet,
    pieces: List[Tensor],
    features: Tensor,
    dropout: float) -> Tensor:
    h = (self).first_of_head()
    x = torch.flatten(features, 1)                                                                  # (B, width5*K*K)
    x = torch.relu(torch.linear(x, torch.reshape(pieces[h], [self.dense6, -1]), pieces[torch.add(h, 1)]))
    if torch.gt(dropout, 0.0):
      x = torch.dropout(x, dropout, True)
    x = torch.relu(torch.linear(x, torch.reshape(pieces[torch.add(h, 2)], [self.dense7, self.dense6]), pieces[torch.add(h, 3)]))
    if torch.gt(dropout, 0.0):
      x = torch.dropout(x, dropout, True)
    x = torch.linear(x, torch.reshape(pieces[torch.add(h, 4)], [self.classes, self.dense7]), pieces[torch.add(h, 5)])
    return torch.to(x, 6)

  # The same layers as convolutions, fc6 of K by K and the others of 1 by 1, over a larger grid (B, width5, H, W) -> logits (B, C, H - K + 1, W - K + 1), fp32
  def wide_head(self: __torch__.ConvNet,
    pieces: List[Tensor],
    features: Tensor) -> Tensor:
    h = (self).first_of_head()
    K = self.cells
    x = torch.conv2d(features, torch.reshape(pieces[h], [self.dense6, self.width5, K, K]), pieces[torch.add(h, 1)], [1, 1], [0, 0], [1, 1], 1)
    x = torch.relu(x)
    x = torch.conv2d(x, torch.reshape(pieces[torch.add(h, 2)], [self.dense7, self.dense6, 1, 1]), pieces[torch.add(h, 3)], [1, 1], [0, 0], [1, 1], 1)
    x = torch.relu(x)
    x = torch.conv2d(x, torch.reshape(pieces[torch.add(h, 4)], [self.classes, self.dense7, 1, 1]), pieces[torch.add(h, 5)], [1, 1], [0, 0], [1, 1], 1)
    return torch.to(x, 6)

  def precision(self: __torch__.ConvNet,
    weights: Tensor) -> Tensor:
    out = weights
    if self.bf16:
      out = torch.to(weights, 15)
    return out

  # 3. Inference

  # [weights (n)] -> what forward uses
  def load(self: __torch__.ConvNet,
    weights: List[Tensor]) -> Tensor:
    torch.clear(self.cast)
    _0 = torch.append(self.cast, torch.clone((self).precision(weights[0], )))
    return torch.zeros([1])

  # Uses the moving average of the training from here on, or the weights where there is none.
  def load_average(self: __torch__.ConvNet) -> Tensor:
    torch.clear(self.cast)
    source = self.w[0]
    if self.averages:
      source = self.ema[0]
    _0 = torch.append(self.cast, torch.clone((self).precision(source, )))
    return torch.zeros([1])

  # pixels (B, 3, S, S) -> probabilities (B, C)
  def forward(self: __torch__.ConvNet,
    pixels: Tensor) -> Tensor:
    return torch.softmax((self).logits(pixels, ), -1)

  # pixels (B, 3, S, S) -> logits (B, C)
  def logits(self: __torch__.ConvNet,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    return (self).head(w, (self).features(w, (self).middle(pixels, ), ), 0.0, )

  # The mean over ten crops, as caffe.io.oversample takes them: the four corners, the middle, and all of them mirrored. pixels (B, 3, S, S) -> probabilities (B, C)
  def forward_ten(self: __torch__.ConvNet,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    far = torch.sub(torch.size(pixels, 2), self.seen)
    all = annotate(List[Tensor], [])
    for y in [0, far]:
      for x in [0, far]:
        _0 = torch.append(all, torch.narrow(torch.narrow(pixels, 2, y, self.seen), 3, x, self.seen))
    _1 = torch.append(all, (self).middle(pixels, ))
    crops = torch.cat(all, 0)                                                                       # (5*B, 3, seen, seen)
    crops = torch.cat([crops, torch.flip(crops, [3])], 0)                                           # (10*B, 3, seen, seen)
    p = torch.softmax((self).head(w, (self).features(w, crops, ), 0.0, ), -1)                       # (10*B, C)
    return torch.mean(torch.reshape(p, [10, torch.size(pixels, 0), self.classes]), [0])

  # The fully convolutional form. pixels (B, 3, S, S), S at least seen -> probabilities (B, C, H, W)
  def regions(self: __torch__.ConvNet,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    return torch.softmax((self).wide_head(w, (self).features(w, pixels, ), ), 1)

  # 4. Training

  # [weights (n)] -> where training begins. Each zeros_like takes another tensor: equal calls would be merged into one tensor.
  def begin(self: __torch__.ConvNet,
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
  def resume(self: __torch__.ConvNet,
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
  def restart(self: __torch__.ConvNet) -> Tensor:
    _0 = torch.zero_(self.m[0])
    _1 = torch.zero_(self.v[0])
    return torch.zeros([1])

  # [weights, average, first moment, second moment], (n) each. It shares its storage with the program: read it before the next update.
  def state(self: __torch__.ConvNet) -> List[Tensor]:
    average = self.w[0]
    if self.averages:
      average = self.ema[0]
    return [self.w[0], average, self.m[0], self.v[0]]

  # The gradients gathered since the last update, one behind the other.
  def gradient(self: __torch__.ConvNet) -> Tensor:
    flat = annotate(List[Tensor], [])
    for p in self.g:
      _0 = torch.append(flat, torch.reshape(p, [-1]))
    return torch.cat(flat, 0)

  # Cross-entropy against soft targets, sum_c -y_c log softmax(z / T)_c, T^2 times as steep (Hinton et al. 2015), averaged over the batch; gathers its gradient.
  # Its gradient is that of the Kullback-Leibler divergence, which differs by the entropy of the targets.
  #
  # Each piece of the weights is a leaf of its own, cast once. Its gradient is kept as it comes, or in its place in the room where it has another precision.
  #
  # pixels (B, 3, S, S), targets (B, C), paths: none, for there are no branches to leave out,
  # how [0 share of this batch in the update, 1 temperature T, 2 head only, 3 first of its update, 4 dropout] -> loss (1)
  def accumulate(self: __torch__.ConvNet,
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
    features = (self).features(leaves, (self).middle(pixels, ), )
    T = float(torch.select(how, 0, 1))
    log_p = torch.log_softmax(torch.div((self).head(leaves, features, float(torch.select(how, 0, 4)), ), T), -1)                    # (B, C)
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
  def update(self: __torch__.ConvNet,
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

  # AdamW with decoupled decay (Loshchilov and Hutter 2019); the learning rate falls by the layer decay from the last layer down to the first.
  def adamw(self: __torch__.ConvNet,
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
        below = float(torch.floordiv(torch.sub(torch.sub(torch.len(sizes), 1), i), 2))
        lr = torch.mul(float(torch.select(how, 0, 0)), torch.pow(float(torch.select(how, 0, 7)), below))
        decay = 0.0
        if torch.eq(torch.remainder(i, 2), 0):
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
  def radam(self: __torch__.ConvNet,
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
