class HashedNgrams(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : List[Tensor]
  def load(self: __torch__.HashedNgrams,
    weight: Tensor,
    bias: Tensor) -> Tensor:
    # weight (buckets, classes), bias (classes)
    _0 = torch.append(self.w, torch.clone(weight))
    _1 = torch.append(self.w, torch.clone(bias))
    return torch.zeros([1])
  def forward(self: __torch__.HashedNgrams,
    ids: Tensor,
    starts: Tensor,
    scale: Tensor) -> Tensor:
    # ids (features of all texts), starts (texts) where each text's ids begin, scale (texts, 1) = 1 / sqrt(features of the text)
    s, _0, _1, _2 = torch.embedding_bag(self.w[0], ids, starts)
    # s (texts, classes): the rows of a text's features, summed one after the other, so that no text's score depends on its neighbours
    return torch.softmax(torch.add(torch.mul(s, scale), self.w[1]), 1)
