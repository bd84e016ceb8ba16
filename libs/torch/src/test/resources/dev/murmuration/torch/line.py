# Fits y = w x + b: the smallest program that loads state, trains it in place and is called for inference.
class Line(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  w : List[Tensor]         # [slope (1), intercept (1)]
  m : List[Tensor]         # a moment each
  power : int
  scale : float
  negate : bool
  def load(self: __torch__.Line,
    w: List[Tensor]) -> Tensor:
    for i in range(torch.len(w)):
      p = torch.requires_grad_(torch.clone(torch.detach(w[i])), True)
      _0 = torch.append(self.w, p)
      _1 = torch.append(self.m, torch.zeros_like(torch.detach(p)))
    return torch.zeros([1])
  def forward(self: __torch__.Line,
    x: Tensor) -> Tensor:
    y = torch.mul(torch.add(torch.mul(x, self.w[0]), self.w[1]), self.scale)
    if self.negate:
      y = torch.neg(y)
    return torch.pow(y, self.power)
  def pair(self: __torch__.Line,
    x: Tensor,
    more: List[Tensor]) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    _0 = torch.append(out, torch.add(x, 1))
    for i in range(torch.len(more)):
      _1 = torch.append(out, torch.mul(more[i], x))
    return out
  def step(self: __torch__.Line,
    x: Tensor,
    y: Tensor,
    lr: Tensor) -> Tensor:
    loss = torch.mean(torch.pow(torch.sub((self).forward(x, ), y), 2))
    gr = torch.autograd.grad([loss], self.w)
    for i in range(torch.len(gr)):
      g = unchecked_cast(Tensor, gr[i])
      _0 = torch.copy_(self.m[i], g)
      _1 = torch.sub_(torch.detach(self.w[i]), torch.mul(g, lr))
    return torch.detach(loss)
  def state(self: __torch__.Line) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for i in range(torch.len(self.w)):
      _0 = torch.append(out, torch.clone(torch.detach(self.w[i])))
    for i in range(torch.len(self.m)):
      _1 = torch.append(out, torch.clone(self.m[i]))
    return out
