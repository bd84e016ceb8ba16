# The predecessors' convolutional networks in serialized TorchScript; student.py goes on with what they have in common with other students.
#
# VGG-19 (Simonyan and Zisserman, ICLR 2015, configuration E), AlexNet (Krizhevsky et al. 2012) and its variant of Caffe, CaffeNet (Jia et al. 2014). Both of the latter have
# five convolutions, of which the second, fourth and fifth see half of the channels each (two groups), and local response normalisation: AlexNet normalises before it pools,
# CaffeNet after. Pooling covers the last, incomplete window too, as Caffe's does.
#
# B images, S side, K cells of the last grid, n channels, C classes.
#
# All weights are one vector, as in vit.py. Its order: for each layer from the image up (the convolutions, then fc6, fc7, fc8) its weight, a matrix, and its bias. A
# convolution's weight is (channels out, channels in of a group, k, k), that of fc6 (dense6, width5*K*K). Matrices decay, biases do not.
class Student(Module):
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

  # 1. The vector of weights

  # Each convolution: channels out, channels in of a group, width of its kernel.
  def convolutions(self: __torch__.Student) -> List[int]:
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
  def pieces(self: __torch__.Student) -> List[int]:
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
  def first_of_head(self: __torch__.Student) -> int:
    return torch.mul(torch.floordiv(torch.len((self).convolutions()), 3), 2)

  # How many layers lie between a piece and the last one.
  def layers_above(self: __torch__.Student,
    piece: int) -> int:
    return torch.floordiv(torch.sub(torch.sub(torch.len((self).pieces()), 1), piece), 2)

  # Whether a piece is matrices.
  def decays(self: __torch__.Student,
    piece: int) -> bool:
    return torch.eq(torch.remainder(piece, 2), 0)

  # 2. Forward

  # Local response normalisation over 5 neighbouring channels: x / (1 + 1e-4 / 5 * sum of their squares)^0.75. (B, n, H, W) -> the same
  #
  # libtorch differentiates the first call of a program otherwise than later ones: it multiplies the gradient of a power, and adds up the three of x in x * x * y, in
  # another order, and a run that goes on from a checkpoint would leave the one that was never stopped. Of square, exp and log1p both give the same bits.
  def normalised(self: __torch__.Student,
    x: Tensor) -> Tensor:
    n = torch.size(x, 1)
    squares = torch.constant_pad_nd(torch.square(x), [0, 0, 0, 0, 2, 2], 0.0)                       # (B, n + 4, H, W)
    around = torch.narrow(squares, 1, 0, n)
    for i in range(4):
      around = torch.add(around, torch.narrow(squares, 1, torch.add(i, 1), n))
    return torch.mul(x, torch.exp(torch.mul(torch.log1p(torch.mul(around, 2.0000000000000002e-05)), -0.75)))

  # The largest value of each k by k window, every other value, also of the window that the border cuts. (B, n, H, W) -> (B, n, about H/2, about W/2)
  def pooled(self: __torch__.Student,
    x: Tensor,
    k: int) -> Tensor:
    return torch.max_pool2d(x, [k, k], [2, 2], [0, 0], [1, 1], True)

  # The middle of what is shown. (B, 3, S, S) -> (B, 3, seen, seen)
  def middle(self: __torch__.Student,
    pixels: Tensor) -> Tensor:
    from_ = torch.floordiv(torch.sub(torch.size(pixels, 2), self.seen), 2)
    return torch.narrow(torch.narrow(pixels, 2, from_, self.seen), 3, from_, self.seen)

  # pieces of the weights, pixels (B, 3, S, S) -> the last grid (B, width5, K, K) where S is seen, a larger one where it is more
  def features(self: __torch__.Student,
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
  def head(self: __torch__.Student,
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
  def wide_head(self: __torch__.Student,
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

  # pixels (B, 3, S, S), paths: none, for there are no branches to leave out -> logits (B, C)
  def answers(self: __torch__.Student,
    pieces: List[Tensor],
    pixels: Tensor,
    paths: Tensor,
    dropout: float) -> Tensor:
    return (self).head(pieces, (self).features(pieces, (self).middle(pixels, ), ), dropout, )

  # 3. Crops and regions

  # The mean over ten crops, as caffe.io.oversample takes them: the four corners, the middle, and all of them mirrored. pixels (B, 3, S, S) -> probabilities (B, C)
  def forward_ten(self: __torch__.Student,
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
  def regions(self: __torch__.Student,
    pixels: Tensor) -> Tensor:
    w = torch.split_with_sizes(self.cast[0], (self).pieces())
    return torch.softmax((self).wide_head(w, (self).features(w, pixels, ), ), 1)
